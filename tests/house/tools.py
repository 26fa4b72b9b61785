"""The scripts of `tools/`, as modules: a test asks them what they would write."""

import importlib.util
from types import ModuleType

from house.layers import ROOT


def load_tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
