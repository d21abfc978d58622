"""Where the specifications are, ours and the published ones beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SPECS = ROOT / "specs"
SHARED = ROOT.parent / "shared"
ORDERS = SPECS / "sonata" / "productOrderManagement.yaml"
PUBLISHED_ORDERS = SHARED / "standards" / "sonata" / "productOrderManagement.api.yaml"
PUBLISHED_TMF = SHARED / "standards" / "tmf" / "TMF622-ProductOrder-v4.0.0.swagger.json"


def published(path: Path) -> Path:
    """A file of the standards, or of the published samples; the test is skipped where it is absent."""
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    return path
