"""The brief: one self-contained page that answers first, then says why, then shows the data."""

from __future__ import annotations

from fissures.brief.context import Context, FactNote, FrontNote, SourceNote
from fissures.brief.render import render

__all__ = ["Context", "FactNote", "FrontNote", "SourceNote", "render"]
