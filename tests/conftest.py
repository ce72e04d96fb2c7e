"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Published files and labelled cases that lie beside the checkout; they are read in place and never copied."""
    folder = CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of published files and labelled cases is not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def clinic_837() -> Path:
    """The sample file that the README checks."""
    return CHECKOUT / "examples" / "clinic.837"
