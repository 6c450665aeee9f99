"""Certificates for tests of TLS, made on the spot: sound, expired, and for another name."""

import datetime
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Issued:
    """A server's TLS context, and the authority to trust for it."""

    context: ssl.SSLContext
    authority: Path


def issue(
    folder: Path, *, names: tuple[str, ...] = ("localhost",), days: int = 1, self_signed: bool = False
) -> Issued:
    """A certificate for these names that ends in so many days (a negative number: ended before today)."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test Authority")])
    server_key = authority_key if self_signed else ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    start, end = now - datetime.timedelta(days=10), now + datetime.timedelta(days=days)

    def certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, ca: bool):
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end if not ca else now + datetime.timedelta(days=9))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if not ca:
            alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            built = built.add_extension(alternative, critical=False)
        return built.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    chain, authority, key_file = folder / "chain.pem", folder / "authority.pem", folder / "key.pem"
    chain.write_bytes(certificate(own, own if self_signed else authority_name, server_key, ca=False))
    authority.write_bytes(certificate(authority_name, authority_name, authority_key, ca=True))
    key_file.write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key_file)
    return Issued(context, authority)
