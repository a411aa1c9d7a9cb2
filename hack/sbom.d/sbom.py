"""Writes what an image or a Go program is made of, as CycloneDX JSON: sbom.py MAVEN_BOM OUTPUT IMAGE_OR_PROGRAM."""

import gzip
import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import warnings
from email.parser import Parser

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

# What is made by our own build, or by Quarkus's of our classes.
OWN_JARS = re.compile(r"quarkus-run\.jar|.*-bytecode\.jar|com\.xo-network\..*|xo-tailnet-operator-.*")
WANTED = re.compile(r"var/lib/dpkg/status|etc/os-release|usr/lib/os-release|opt/java/release|.*\.dist-info/METADATA|.*\.jar")


class NotDescribed(Exception):
    """There is something in the image that no list of parts names."""


def component(kind: str, name: str, version: str, namespace: str | None = None, **qualifiers: str) -> Component:
    purl = PackageURL(kind, namespace, name, version, qualifiers)
    return Component(
        type=ComponentType.LIBRARY, group=namespace, name=name, version=version, purl=purl, bom_ref=str(purl)
    )


def image_files(path: pathlib.Path) -> tuple[dict[str, bytes], list[str]]:
    """The files of an image that name parts, and its environment; path is an OCI layout, or an archive of one."""
    if path.is_dir():
        read = {str(f.relative_to(path)): f.read_bytes for f in path.rglob("*") if f.is_file()}
    else:
        archive = tarfile.open(path)  # noqa: SIM115
        read = {
            m.name.removeprefix("./"): (lambda m=m: archive.extractfile(m).read()) for m in archive if m.isfile()
        }
    if "index.json" not in read:
        raise NotDescribed(f"{path} is no OCI image: save it with docker 25 or newer, or podman save --format oci-archive")

    def blob(descriptor: dict[str, str]) -> bytes:
        return read["blobs/" + descriptor["digest"].replace(":", "/")]()

    manifest = json.loads(blob(json.loads(read["index.json"]())["manifests"][0]))
    while "manifests" in manifest:
        manifest = json.loads(blob(manifest["manifests"][0]))
    config = json.loads(blob(manifest["config"]))
    files: dict[str, bytes] = {}
    for layer in manifest["layers"]:
        content = blob(layer)
        content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        # What umoci inserts lacks the end of the archive.
        with tarfile.open(fileobj=io.BytesIO(content + bytes(-len(content) % 512 + 1024))) as tar:
            for member in tar:
                name = member.name.removeprefix("./").lstrip("/")
                folder, _, last = name.rpartition("/")
                if last.startswith(".wh."):
                    gone = folder + "/" + ("" if last == ".wh..wh..opq" else last.removeprefix(".wh."))
                    files = {n: c for n, c in files.items() if n != gone and not n.startswith(gone.rstrip("/") + "/")}
                elif member.isfile() and WANTED.fullmatch(name):
                    files[name] = b"" if name.endswith(".jar") else tar.extractfile(member).read()
    return files, config.get("config", {}).get("Env", [])


def settings(text: str) -> dict[str, str]:
    return {k: v.strip('"') for k, _, v in (line.partition("=") for line in text.splitlines())}


def image_components(path: pathlib.Path, maven_bom: pathlib.Path) -> list[Component]:
    files, environment = image_files(path)
    found = []
    system = settings((files.get("usr/lib/os-release") or files.get("etc/os-release") or b"").decode())
    for paragraph in files.get("var/lib/dpkg/status", b"").decode().split("\n\n"):
        package = Parser().parsestr(paragraph)
        if package["Status"] == "install ok installed":
            distro = f"{system.get('ID')}-{system.get('VERSION_ID')}"
            found.append(
                component("deb", package["Package"], package["Version"], "debian", arch=package["Architecture"], distro=distro)
            )
    for name, content in files.items():
        if name.endswith("METADATA"):
            package = Parser().parsestr(content.decode())
            found.append(component("pypi", package["Name"].lower().replace("_", "-"), package["Version"]))
        elif name == "opt/java/release":
            java = settings(content.decode())
            # jlink writes the version and the modules alone.
            version = java.get("JAVA_RUNTIME_VERSION") or java["JAVA_VERSION"]
            found.append(component("generic", "openjdk", version, java.get("IMPLEMENTOR")))
    for entry in environment:
        if entry.startswith("PYTHON_VERSION="):
            found.append(component("generic", "python", entry.partition("=")[2]))
    # The JDK's own are parts of the JDK.
    jars = {name.rpartition("/")[2] for name in files if name.endswith(".jar") and not name.startswith("opt/java/")}
    jars = {jar for jar in jars if not OWN_JARS.fullmatch(jar)}
    if jars:
        for part in Bom.from_json(json.loads(maven_bom.read_text())).components:
            classifier = (part.purl.qualifiers or {}).get("classifier")
            end = f"-{classifier}.jar" if classifier else ".jar"
            jar = f"{part.group}.{part.name}-{part.version}{end}"
            if jar in jars:
                jars.remove(jar)
                found.append(part)
    if jars:
        raise NotDescribed(f"{maven_bom} does not name {', '.join(sorted(jars))}: is it of the same build as the image?")
    return found


def program_components(path: pathlib.Path) -> list[Component]:
    told = subprocess.run(["go", "version", "-m", "-json", str(path)], check=True, capture_output=True)  # noqa: S603, S607
    build = json.loads(told.stdout)
    build = build[0] if isinstance(build, list) else build
    parts = [component("golang", "stdlib", build["GoVersion"].removeprefix("go"))]
    for module in build.get("Deps") or []:
        module = module.get("Replace") or module
        namespace, _, name = module["Path"].rpartition("/")
        parts.append(component("golang", name, module["Version"], namespace or None))
    return parts


def main(maven_bom: str, output: str, subject: str) -> None:
    path = pathlib.Path(subject)
    executable = path.is_file() and path.read_bytes()[:4] == b"\x7fELF"
    parts = program_components(path) if executable else image_components(path, pathlib.Path(maven_bom))
    bom = Bom(components=parts)
    bom.metadata.component = Component(
        type=ComponentType.APPLICATION if executable else ComponentType.CONTAINER, name=pathlib.Path(output).name.split(".")[0]
    )
    # It lists parts, and does not say which needs which.
    warnings.filterwarnings("ignore", message=".*dependencies.*")
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise NotDescribed(f"the result is no CycloneDX 1.6: {wrong}")
    pathlib.Path(output).write_text(text + "\n")
    print(f"{output}: {len(bom.components)} components")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (NotDescribed, OSError, KeyError, subprocess.CalledProcessError) as problem:
        sys.exit(f"error: {problem}")
