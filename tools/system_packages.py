"""Install the Debian packages that tests need, where this user may; say by name what stays missing.

A tier is a part of the suite that needs something outside Python. Nothing here fails: a test of a tier that is not
there skips by name, or fails when ``CI=true`` (``tests/support/tiers.py``).
"""

import glob
import os
import shutil
import subprocess
import sys
import sysconfig
from typing import Callable, Dict, List, Tuple

Probe = Callable[[], bool]


def program(*names: str) -> Probe:
    return lambda: any(shutil.which(name) for name in names)


def file(*patterns: str) -> Probe:
    return lambda: any(glob.glob(pattern) for pattern in patterns)


TIERS: Dict[str, List[Tuple[Probe, str]]] = {
    "postgresql": [
        (lambda: bool(glob.glob("/usr/lib/postgresql/*/bin/initdb") or shutil.which("initdb")), "postgresql")
    ],
    "browser": [
        (program("chromium", "chromium-browser", "google-chrome"), "chromium"),
        (
            file("/usr/share/fonts/**/NotoSansThai-Regular.ttf", "/usr/share/fonts/truetype/noto/NotoSansThai*"),
            "fonts-noto-core",
        ),
    ],
    "documents": [(program("pdftoppm"), "poppler-utils"), (program("zbarimg"), "zbar-tools")],
    "card reader": [
        (program("pcscd"), "pcscd"),
        (
            file("/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "/usr/lib/*/pcsc/drivers/serial/libifdvpcd.so"),
            "vsmartcard-vpcd",
        ),
        (file("/usr/include/PCSC/winscard.h"), "libpcsclite-dev"),
        (program("swig"), "swig"),
        (program("gcc", "cc"), "gcc"),
        (file(os.path.join(sysconfig.get_path("include"), "Python.h")), "python3-dev"),
        (program("unshare"), "util-linux"),
    ],
}


def missing() -> Dict[str, List[str]]:
    """The packages that each tier lacks; a tier that lacks none is left out."""
    lacking = {tier: [package for probe, package in needs if not probe()] for tier, needs in TIERS.items()}
    return {tier: packages for tier, packages in lacking.items() if packages}


def root_prefix() -> "List[str] | None":
    """How to run a command as root without asking a person: [], ["sudo", "-n"], or None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n"]
    return None


def apt_get(prefix: List[str], *arguments: str) -> None:
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.call([*command, *arguments], stdout=sys.stderr, stdin=subprocess.DEVNULL)


def main() -> None:
    wanted = sorted({package for packages in missing().values() for package in packages})
    prefix = root_prefix() if shutil.which("apt-get") else None
    if wanted and prefix is not None:
        print("sitthi: installing for the tests: " + " ".join(wanted), file=sys.stderr, flush=True)
        apt_get(prefix, "update")
        for package in wanted:  # one by one: a package that this release lacks must not take the others with it
            apt_get(prefix, "install", "-y", "--no-install-recommends", package)
    for tier, packages in missing().items():
        print("sitthi: no %s tests: install %s" % (tier, " ".join(packages)), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
