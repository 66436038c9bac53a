"""What paths say of themselves: factors, commitments and read streams worked out anew, one path and day at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import world as naming
from fissures.kernel.paths import REQUEST_LASTS
from fissures.kernel.world import NOBODY, Factor, Paths, World


def shows(world: World, out: Paths, factor: Factor, t: int, m: int) -> float:
    """What a factor that fronts and tracks show came to on a day of a path; the last start is the day before."""
    found = 0.0
    for k, f in enumerate(factor.places):
        code = factor.codes[k] if factor.codes else 0
        rung = int(out.rungs[f, t, m])
        before = int(out.rungs[f, t - 1, m]) if t else int(world.start_rungs[m % world.draws, f])
        if factor.kind == naming.RUNG:
            found = max(found, float(rung >= code))
        elif factor.kind == naming.JUST:
            found = max(found, float(rung == code))
        elif factor.kind == naming.REACHES:
            found = max(found, float(before < code <= rung))
        elif factor.kind == naming.MOVED:
            who = int(out.by[f, t, m])
            found = max(found, float(who != NOBODY and bool(code >> who & 1) and rung >= factor.level))
        elif factor.kind == naming.MEANS:
            found = max(found, float(bool(out.means[f, t, m] & code)))
        elif factor.kind == naming.ADVANCE:
            taken = int(out.advances[f, t, m])
            found = max(found, float(taken == code if code else taken != 0))
        elif factor.kind == naming.DEAD:
            first, total = int(out.first[f, t, m]), int(out.deaths[f, t, m])
            found += first if code == 0 else total - first
        elif factor.kind == naming.DEATHS:
            found += int(out.deaths[f, t, m])
        else:
            raise AssertionError(factor.kind)
    return float(np.log1p(found)) if factor.kind in (naming.DEAD, naming.DEATHS) else found


def in_force(world: World, out: Paths, k: int) -> NDArray[np.bool_]:
    """On which days of which paths a commitment was in force: triggered, asked for, binding; (T, M)."""
    owed, (_, days, paths) = world.commitments[k], out.rungs.shape
    found = np.zeros((days, paths), bool)
    for m in range(paths):
        asked = world.start_since[m % world.draws, owed.requested] if owed.requested >= 0 else 0.0
        for t in range(days):
            lately = range(max(t - int(owed.lasts) + 1, 0), t + 1)
            before = world.start_triggers[m % world.draws, k] + t + 1 < owed.lasts
            triggered = before or any(shows(world, out, owed.trigger, u, m) for u in lately)
            called = owed.requested < 0 or asked < REQUEST_LASTS
            found[t, m] = triggered and called and owed.binds[m % world.draws] > 0
            if owed.requested >= 0:
                asked = 0.0 if out.counts[owed.requested, t, m] > 0 else asked + 1.0
    return found
