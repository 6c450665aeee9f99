"""The common words that are one token each; their order gives the token ids and must never change."""

WORDS = """
the of and to in a is that it for was on are as with they be at this have from or by one had not but what
all were when we there can an your which their said if do will each about how up out them then she many some
so these would other into has more her two like him see time could no make than first been its who now
people my made over did down only way find use may water long little very after words called just where most
know get through back much before go good new write our used me man too any day same right look think also
around another came come work three word must because does part even place well such here take why things
help put years different away again off went old number great tell men say small every found still between
name should home big give air line set own under read last never us left end along while might next sound
below saw something thought both few those always looked show large often together asked house world going
want school important until form food keep children feet land side without boy once animals life enough took
sometimes four head above kind began almost live page got earth need far hand high year mother light parts
country father let night following picture being study second eyes soon times story boys since white days
ever paper hard near sentence better best across during today others however sure means knew try told young
miles sun ways thing whole hear example heard several change answer room sea against top turned learn point
city play toward five using himself usually money seen car morning given trees question true false hours
whether though makes order idea simple clear short value list table code text model token tokens data file
files function return print class import result results system service program message messages request
response stream simulated step steps case cases test tests rule rules reason reasons problem problems piece
pieces detail details open close start stop begin ends onto inside outside within limits limit cost costs
gain check checks measure measured count counts compare compared choose chosen build built explain explained
describe described understand understood remember consider notice follow follows leave leaves mean meaning
matter matters questions answers subject topic view views level levels speed quality quantity history future
present past nature human science art language music color sky wind river mountain forest garden road bridge
ship boat island weather winter summer spring autumn heart mind voice letter letters book books reader
readers writer friend friends family person group groups market business company team project plan plans
goal goals task tasks tool tools machine machines computer network server client user users window screen
button key keys error errors input output string integer object array index field fields schema json python
null none self def else
""".split()  # noqa: SIM905 (a list of 500 strings would be 500 lines)


def spellings() -> list[str]:
    """Every word in four spellings (after a space or not, capital or not), in the order of the ids."""
    unique = list(dict.fromkeys(WORDS))
    found: dict[str, None] = {}
    for word in unique:
        for spelling in (f" {word}", word, f" {word.capitalize()}", word.capitalize()):
            found.setdefault(spelling)
    return list(found)
