"""The list of parts in CycloneDX, for those who ask what runs: `make sbom`.

The same checkout gives the same bytes. A serial number and a time are added only when asked for
(`--stamped`), for a record of one delivery.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from ops.supply.parts import ROOT, Compiled, Part, PartsError, parts

DEFAULT = ROOT / "build" / "sbom.cdx.json"
BROUGHT_BY_LAMBDA = "python3.13 with boto3: AWS patches them, and no lock of ours names them"


def bill(carried: tuple[Part, ...]) -> Bom:
    """The parts with the layer as their root."""
    root = Component(
        name="triagewire",
        type=ComponentType.APPLICATION,
        version="unreleased",
        bom_ref="triagewire",
        licenses=[LicenseExpression("Apache-2.0")],
        properties=[Property(name="triagewire:runtime", value=BROUGHT_BY_LAMBDA)],
    )
    bom = Bom(components=(made := {part.name: _component(part) for part in carried}).values())
    bom.metadata.component = root
    needed = {name for part in carried for name in part.needs}
    bom.register_dependency(root, [made[part.name] for part in carried if part.name not in needed])
    for part in carried:
        bom.register_dependency(made[part.name], [made[name] for name in part.needs])
    return bom


def _component(part: Part) -> Component:
    purl = PackageURL("pypi", name=part.name, version=part.version)
    return Component(
        name=part.name,
        version=part.version,
        description=part.summary or None,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseExpression(part.licence)],
        external_references=[_files(purl, part.hashes)],
        components=[_inside(part, each) for each in part.compiled],
    )


def _files(purl: PackageURL, hashes: tuple[str, ...]) -> ExternalReference:
    """Not a hash of the component: it is one of several files, for one platform each."""
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(purl)),
        comment="every file of this release that the lock admits",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in hashes],
    )


def _inside(part: Part, library: Compiled) -> Component:
    return Component(
        name=library.name,
        version=library.version,
        bom_ref=f"{part.name}/{library.purl}",
        purl=PackageURL.from_string(library.purl),
        licenses=[LicenseExpression(library.licence)] if library.licence else [],
    )


def written(bom: Bom, stamp: tuple[UUID, datetime] | None = None) -> str:
    """The document as text, checked against the schema; `stamp` is its serial number and time.

    Raises PartsError when the schema refuses it.
    """
    if stamp:
        bom.serial_number, bom.metadata.timestamp = stamp
    stated = json.loads(JsonV1Dot6(bom).output_as_string())
    if stamp is None:
        del stated["serialNumber"], stated["metadata"]["timestamp"]
    made = json.dumps(stated, indent=2, sort_keys=True)
    if JsonStrictValidator(SchemaVersion.V1_6).validate_str(made) is not None:
        raise PartsError("the list of parts does not follow the schema of CycloneDX 1.6")
    return made + "\n"


def main() -> int:
    """Write the document; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make sbom")
    parser.add_argument("--out", type=Path, default=DEFAULT)
    parser.add_argument("--stamped", action="store_true", help="with a serial number and a time")
    args = parser.parse_args()
    text = written(bill(parts()), (uuid4(), datetime.now(UTC)) if args.stamped else None)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(text, encoding="utf-8")
    print(f"sbom: {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
