"""Code to answer with: some well-known small programs that run, and a frame for everything else."""

import re

_PYTHON = {
    "fibonacci": (
        "def fibonacci(count: int) -> list[int]:\n"
        '    """The first ``count`` Fibonacci numbers."""\n'
        "    numbers, a, b = [], 0, 1\n"
        "    for _ in range(count):\n"
        "        numbers.append(a)\n"
        "        a, b = b, a + b\n"
        "    return numbers\n\n\n"
        "print(fibonacci(10))  # [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]\n"
    ),
    "factorial": (
        "def factorial(n: int) -> int:\n"
        '    """The product of 1 to n."""\n'
        "    result = 1\n"
        "    for factor in range(2, n + 1):\n"
        "        result *= factor\n"
        "    return result\n\n\n"
        "print(factorial(5))  # 120\n"
    ),
    "prime": (
        "def primes(limit: int) -> list[int]:\n"
        '    """All primes below ``limit``, by the sieve of Eratosthenes."""\n'
        "    candidate = [True] * limit\n"
        "    for n in range(2, int(limit**0.5) + 1):\n"
        "        if candidate[n]:\n"
        "            for multiple in range(n * n, limit, n):\n"
        "                candidate[multiple] = False\n"
        "    return [n for n in range(2, limit) if candidate[n]]\n\n\n"
        "print(primes(30))  # [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]\n"
    ),
    "palindrome": (
        "def is_palindrome(text: str) -> bool:\n"
        '    """Whether a text reads the same both ways, letters and digits only."""\n'
        "    letters = [c.lower() for c in text if c.isalnum()]\n"
        "    return letters == letters[::-1]\n\n\n"
        'print(is_palindrome("Never odd or even"))  # True\n'
    ),
    "fizzbuzz": (
        "for n in range(1, 16):\n"
        '    word = "Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0)\n'
        "    print(word or n)\n"
    ),
    "sort": (
        "def merge_sort(items: list[int]) -> list[int]:\n"
        '    """The items in ascending order; equal ones keep their order."""\n'
        "    if len(items) < 2:\n"
        "        return items\n"
        "    middle = len(items) // 2\n"
        "    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])\n"
        "    merged = []\n"
        "    while left and right:\n"
        "        merged.append((left if left[0] <= right[0] else right).pop(0))\n"
        "    return merged + left + right\n\n\n"
        "print(merge_sort([5, 2, 9, 1]))  # [1, 2, 5, 9]\n"
    ),
    "revers": (
        "def reverse(text: str) -> str:\n"
        '    """The text from its end to its beginning."""\n'
        "    return text[::-1]\n\n\n"
        'print(reverse("playground"))  # dnuorgyalp\n'
    ),
    "word": (
        "from collections import Counter\n\n\n"
        "def word_counts(text: str) -> Counter[str]:\n"
        '    """How often each word occurs, without regard to capitals."""\n'
        "    return Counter(text.lower().split())\n\n\n"
        "print(word_counts(\"the sea and the sky\").most_common(1))  # [('the', 2)]\n"
    ),
}
_FRAMES = {
    "python": (
        'def {name}(items: list[str]) -> dict[str, int]:\n    """{S}: how often each item occurs."""\n'
        "    counts: dict[str, int] = {{}}\n    for item in items:\n"
        "        counts[item] = counts.get(item, 0) + 1\n"
        '    return counts\n\n\nprint({name}(["a", "b", "a"]))  # {{\'a\': 2, \'b\': 1}}\n'
    ),
    "javascript": (
        "// {S}: how often each item occurs.\nfunction {name}(items) {{\n  const counts = new Map();\n"
        "  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);\n  return counts;\n}}\n\n"
        'console.log({name}(["a", "b", "a"])); // Map(2) {{ "a" => 2, "b" => 1 }}\n'
    ),
    "sql": (
        "-- {S}\nSELECT name, COUNT(*) AS total\nFROM {name}\nGROUP BY name\nORDER BY total DESC\nLIMIT 10;\n"
    ),
    "bash": (
        "#!/usr/bin/env bash\n# {S}\nset -euo pipefail\n\nfor file in *.txt; do\n"
        '  printf \'%s\\t%s\\n\' "$(wc -l < "$file")" "$file"\ndone | sort -rn\n'
    ),
    "rust": (
        "// {S}: how often each item occurs.\nuse std::collections::HashMap;\n\n"
        "fn {name}<'a>(items: &[&'a str]) -> HashMap<&'a str, usize> {{\n"
        "    let mut counts = HashMap::new();\n"
        "    for item in items {{\n        *counts.entry(*item).or_insert(0) += 1;\n    }}\n    counts\n}}\n"
    ),
}
_ALIASES = {"js": "javascript", "typescript": "javascript", "shell": "bash", "sh": "bash", "query": "sql"}
_LANGUAGE = re.compile(r"\b(python|javascript|typescript|js|sql|bash|shell|sh|rust|query)\b", re.I)


def code(text: str, subject: str) -> tuple[str, str]:
    """(language, program) for a request and its subject."""
    found = _LANGUAGE.search(text)
    language = found[1].lower() if found else "python"
    language = _ALIASES.get(language, language)
    if language == "python":
        for key, program in _PYTHON.items():
            if key in text.lower():
                return language, program
    name = "_".join(re.findall(r"[a-z]+", subject.lower())[:3]) or "example"
    # A name like ``class`` or ``import`` would not run.
    name = f"count_{name}" if language != "sql" else name
    title = subject[:1].upper() + subject[1:] if subject else "Example"
    title = re.sub(r"[\\\"*/]", "", title)
    return language, _FRAMES[language].format(name=name, S=title)
