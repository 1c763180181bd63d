"""Puts the packages of services in Python into a folder, the same files on every machine.

Usage: python3 vendor.py REQUIREMENTS AWS_SERVICES FOLDER

pip takes them from the index that it is configured for, and refuses a file whose hash is not in REQUIREMENTS.
AWS_SERVICES has the AWS services that the code calls, a line each: the SDK describes hundreds, ten times as large as
all the rest.
The folder is made whole or not at all. Needs pip, any Python from 3.9.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# What differs from one machine to another, and what is large; nothing reads either.
_LEFT_OUT = (
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/utilities/data_classes",
    "aws_lambda_powertools/utilities/parser",
    "bin",
    "*.dist-info/RECORD",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
)


def vendor(requirements: Path, aws_services: Path, folder: Path) -> None:
    """Makes the folder, unless it is there already."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "packages"
        _install(requirements, made)
        for pattern in _LEFT_OUT:
            for path in made.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        described = set(aws_services.read_text("utf-8").split())
        for path in (made / "botocore" / "data").iterdir():
            if path.is_dir() and path.name not in described:
                shutil.rmtree(path)
        try:
            made.rename(folder)
        except OSError:  # made by another process meanwhile
            if not folder.exists():
                raise


def _install(requirements: Path, folder: Path) -> None:
    pure = ("--platform", "any", "--implementation", "py", "--abi", "none", "--python-version", "3.13")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--no-compile", "--retries", "1", *pure]
    subprocess.run([*command, "--requirement", str(requirements), "--target", str(folder)], check=True)


if __name__ == "__main__":
    try:
        vendor(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
