"""A second, independent formulation of the scenario, read straight from the file's content and solved with scipy.

It shares no code with the engine: effect is written as a sum over the years it was bought in (no stock variable), cost
is substituted (no cost variable), and each stage is a fresh `linprog`. `drop` leaves out promises by their id; `ease`
gives leeway to promises on need and ramps.
"""

from collections import defaultdict
from collections.abc import Container, Iterator
from typing import Any

import numpy as np
from scipy.optimize import linprog

type Terms = dict[int, float]


def at(value: Any, t: int) -> Any:
    return value[t - 1] if isinstance(value, list) else value


def add(*parts: tuple[Terms, float]) -> Terms:
    total: Terms = defaultdict(float)
    for terms, weight in parts:
        for j, w in terms.items():
            total[j] += w * weight
    return dict(total)


def reference(s: dict[str, Any], drop: Container[str] = (), ease: dict[str, float] | None = None) -> tuple[str, float]:
    """Status and objective (as reported, less the price of a missed share target) of a scenario's content."""
    made = Reference(s, drop, ease or {})
    made.prevention()
    made.responsive()
    made.money()
    made.limits()
    made.fairness()
    return made.stages()


class Reference:
    """Rows `terms <= bound` over named columns, built part by part."""

    def __init__(self, s: dict[str, Any], drop: Container[str], ease: dict[str, float]) -> None:
        self.s, self.drop, self.ease = s, drop, ease
        self.years = range(1, s["horizon"] + 1)
        self.columns: dict[Any, int] = {}
        self.bounds: list[tuple[float | None, float | None]] = []
        self.le: list[tuple[Terms, float]] = []
        self.eq: list[tuple[Terms, float]] = []
        self.spend: dict[Any, Terms] = {}
        self.reach: dict[Any, Terms] = {}
        self.effect: dict[Any, Terms] = {}
        self.stock: dict[Any, tuple[Terms, float]] = {}
        self.unmet: dict[Any, Terms] = {}
        self.cost: dict[Any, Terms] = {}
        self.by_id = {p["id"]: p for p in s["prevention"]}
        self.weight = {g["id"]: g.get("weight", 1.0) for g in s["groups"]}

    def disc(self, t: int) -> float:
        return float((1 + self.s["discount_rate"]) ** -(t - 1))

    def var(self, key: Any, low: float | None = 0.0, high: float | None = None) -> Terms:
        if key not in self.columns:
            self.columns[key] = len(self.bounds)
            self.bounds.append((low, high))
        return {self.columns[key]: 1.0}

    def promise(self, name: str, terms: Terms, bound: float) -> None:
        if name not in self.drop:
            self.le.append((terms, bound + self.ease.get(name, 0.0)))

    def matrix(self, rows: list[tuple[Terms, float]]) -> tuple[Any, Any]:
        a = np.zeros((len(rows), len(self.bounds)))
        for i, (terms, _) in enumerate(rows):
            for j, w in terms.items():
                a[i, j] = w
        return (a, np.array([b for _, b in rows])) if rows else (None, None)

    def minimise(self, terms: Terms) -> tuple[str, float]:
        cost = np.zeros(len(self.bounds))
        for j, w in terms.items():
            cost[j] = w
        (a, b), (e, f) = self.matrix(self.le), self.matrix(self.eq)
        found = linprog(cost, a, b, e, f, self.bounds, method="highs-ipm")
        if found.status not in (0, 2, 3):
            found = linprog(cost, a, b, e, f, self.bounds, method="highs-ds")
        return {0: "optimal", 2: "infeasible", 3: "unbounded"}[found.status], float(found.fun) if found.status == 0 else np.nan

    def prevention(self) -> None:
        for p in self.s["prevention"]:
            for t in self.years:
                for a, places in p["agencies"].items():
                    for place in places:
                        self.spend[p["id"], a, place, t] = self.var(("x", p["id"], a, place, t))
                for g, place, segments in _responses(p):
                    parts = [self.var(("z", p["id"], g, place, k, t), 0, w) for k, (w, _) in enumerate(segments)]
                    self.reach[p["id"], g, place, t] = add(*[(z, 1) for z in parts])
                    slopes = [b for _, b in segments]
                    self.effect[p["id"], g, place, t] = add(*zip(parts, slopes, strict=True))
                for place in self.s["localities"]:
                    paid = [(x, 1) for (i, _, o, u), x in self.spend.items() if (i, o, u) == (p["id"], place, t)]
                    got = [(z, -1) for (i, _, o, u), z in self.reach.items() if (i, o, u) == (p["id"], place, t)]
                    self.eq.append((add(*paid, *got), 0.0))
            for g, place, segments in _responses(p):
                self._stock(p, g, place, _before(p, g, place, segments))

    def _stock(self, p: dict[str, Any], g: str, place: str, e0: float) -> None:
        for t in self.years:
            fade = {y: p["retention"] ** (t - y - p["lag"]) for y in self.years if y + p["lag"] <= t}
            terms = add(*[(self.effect[p["id"], g, place, y], f) for y, f in fade.items()])
            self.stock[p["id"], g, place, t] = (terms, -e0 * sum(fade.values()))

    def responsive(self) -> None:
        for d in self.s["acute"]:
            for t in self.years:
                for place in d["demand"]:
                    met = [self._need(d, g, place, t, at(need, t)) for g, need in d["demand"][place].items()]
                    self._places(d, place, t, add(*[(m, 1) for m in met]))
                self.cost[d["id"], t] = add(*[(self.cost[d["id"], place, t], 1) for place in d["demand"]])
                if d.get("floor") is not None:
                    self.promise(f"floor[{d['id']},{t}]", add((self.cost[d["id"], t], -1)), -at(d["floor"], t))

    def _need(self, d: dict[str, Any], g: str, place: str, t: int, need: float) -> Terms:
        key = (d["id"], g, place, t)
        met, unmet = self.var(("m", *key)), self.var(("u", *key), 0, 0 if d["penalty"] is None else None)
        less, side = self.var(("r", *key), None, at(d["preventable"], t) * need), 0.0
        parts = [(less, 1.0)]
        for p in self.s["prevention"]:
            if d["id"] in p["acts_on"] and (p["id"], g, place, t) in self.stock:
                terms, c = self.stock[p["id"], g, place, t]
                parts.append((terms, -p["acts_on"][d["id"]]))
                side += p["acts_on"][d["id"]] * c
        self.le.append((add(*parts), side))
        self.unmet[key] = unmet
        row = (add((met, -1), (unmet, -1), (less, -1)), -need)
        if d["penalty"] is None:
            self.promise(f"need[{d['id']},{g},{place},{t}]", *row)
        else:
            self.le.append(row)
        return met

    def _places(self, d: dict[str, Any], place: str, t: int, met: Terms) -> None:
        cap, opened, closed = (self.var((k, d["id"], place, t)) for k in ("cap", "opened", "closed"))
        start = (d.get("cap0") or {}).get(place, sum(at(n, 1) for n in d["demand"][place].values()))
        before = self.var(("cap", d["id"], place, t - 1)) if t > 1 else {}
        share = at(d["decommission_max"], t)
        self.eq.append((add((cap, 1), (before, -1), (opened, -1), (closed, 1)), start if t == 1 else 0.0))
        self.le.append((add((closed, 1), (before, -share)), share * start if t == 1 else 0.0))
        self.le.append((add((met, 1), (cap, -1)), 0.0))
        if place in (d.get("cap_max") or {}):
            self.promise(f"capacity[{d['id']},{t}]", cap, at(d["cap_max"][place], t))
        unit, kappa = at(d["unit_cost"], t), at(d["cashable"], t)
        extra = [(opened, at(d.get("new_cost", 0.0), t)), (closed, at(d.get("decommission_cost", 0.0), t))]
        self.cost[d["id"], place, t] = add((met, unit * kappa), (cap, unit * (1 - kappa)), *extra)

    def money(self) -> None:
        for (i, a, place, t), x in list(self.spend.items()):
            self._change(self.by_id[i], a, place, t, x)
        for a in self.s["agencies"]:
            for t in self.years if a["budget"] is not None else ():
                self._purse(a, t)
        for pool in self.s.get("pools", []):
            for t in self.years:
                self._pool(pool, t)

    def _change(self, p: dict[str, Any], a: str, place: str, t: int, x: Terms) -> None:
        before = self.spend.get((p["id"], a, place, t - 1), {})
        base, name = p["agencies"][a][place] if t == 1 else 0.0, f"{p['id']},{a},{place},{t}"
        for side, sign in (("up", 1), ("down", -1)):
            moved = self.var((side, p["id"], a, place, t))
            self.le.append((add((x, sign), (before, -sign), (moved, -1)), sign * base))
        if p.get("ramp_up") is not None or p.get("ramp_abs") is not None:
            up, extra = 1 + at(p.get("ramp_up") or 0.0, t), at(p.get("ramp_abs") or 0.0, t)
            self.promise(f"rampup[{name}]", add((x, 1), (before, -up)), extra + up * base)
        if p.get("ramp_down") is not None:
            down = 1 - at(p["ramp_down"], t)
            self.promise(f"rampdn[{name}]", add((x, -1), (before, down)), -down * base)

    def _pool(self, pool: dict[str, Any], t: int) -> None:
        paid = [self.var(("in", pool["id"], a, t), 0, at(c, t)) for a, c in pool["contrib_max"].items()]
        drawn = [self.var(("out", pool["id"], a, t)) for a in pool["draw"]]
        for a, out in zip(pool["draw"], drawn, strict=True):
            self.le.append((add((out, 1), (self._paid(a, pool["draw"][a], t), -1)), 0.0))
        balance = add(*[(v, -1) for v in paid], *[(v, 1) for v in drawn])
        self.promise(f"pool[{pool['id']},{t}]", balance, at(pool.get("seed", 0.0), t))

    def _paid(self, agency: str, services: list[str], t: int) -> Terms:
        parts = [(x, 1.0) for (i, a, _, u), x in self.spend.items() if u == t and a == agency and i in services]
        parts += [(self.cost[d["id"], t], d["payer"].get(agency, 0.0)) for d in self.s["acute"] if d["id"] in services]
        return add(*parts)

    def _purse(self, a: dict[str, Any], t: int) -> None:
        name = a["id"]
        everything = [*self.by_id, *(d["id"] for d in self.s["acute"])]
        parts = [(self._paid(name, everything, t), 1.0)]
        for pool in self.s.get("pools", []):
            if name in pool["contrib_max"]:
                parts.append((self.var(("in", pool["id"], name, t), 0, at(pool["contrib_max"][name], t)), 1.0))
            if name in pool["draw"]:
                parts.append((self.var(("out", pool["id"], name, t)), -1.0))
        for key, i, b, place, u in [k for k in self.columns if k[0] in ("up", "down")]:
            if b == name and u == t:
                rate = at(self.by_id[i].get("setup_cost" if key == "up" else "exit_cost", 0.0), t)
                parts.append((self.var((key, i, b, place, u)), rate))
        parts += [(self._leak(a, t), 1.0), (self._carry(a, t), 1.0), (self._carry(a, t - 1), -1.0)]
        held = sum(at(h["amount"], t) for h in self.s.get("held", []) if h["agency"] == name)
        self.promise(f"budget[{name},{t}]", add(*parts), at(a["budget"], t) - held)

    def _carry(self, a: dict[str, Any], t: int) -> Terms:
        most = at(a.get("reserve_max", 0.0), t) if 0 < t < self.s["horizon"] else 0.0
        return self.var(("carry", a["id"], t), 0, most)

    def _leak(self, a: dict[str, Any], t: int) -> Terms:
        rate, lost = at(a.get("leak", 0.0), t), self.var(("leak", a["id"], t))
        nothing = 0.0
        for d in self.s["acute"]:
            need = sum(at(n, t) for by in d["demand"].values() for n in by.values())
            nothing += d["payer"].get(a["id"], 0.0) * at(d["unit_cost"], t) * need
        costs = self._paid(a["id"], [d["id"] for d in self.s["acute"]], t)
        self.le.append((add((lost, -1), (costs, -rate)), -rate * nothing))
        return lost

    def limits(self) -> None:
        for t in self.years:
            mine = {i: add(*[(x, 1) for (j, _, _, u), x in self.spend.items() if j == i and u == t]) for i in self.by_id}
            for i, p in self.by_id.items():
                if p.get("floor") is not None:
                    self.promise(f"floor[{i},{t}]", add((mine[i], -1)), -at(p["floor"], t))
                if p.get("capacity") is not None:
                    self.promise(f"capacity[{i},{t}]", mine[i], at(p["capacity"], t))
            for ring in self.s.get("ringfences", []):
                spent = self._paid(ring["agency"], ring["services"], t)
                self.promise(f"ring[{ring['id']},{t}]", add((spent, -1)), -at(ring["amount"], t))
            for staff in self.s.get("workforce", []):
                parts = [(mine[i] if i in mine else self.cost[i, t], w) for i, w in staff["per_pound"].items()]
                self.le.append((add(*parts), at(staff["available"], t)))
            self._share(t, mine)

    def _share(self, t: int, mine: dict[str, Terms]) -> None:
        theta = at(self.s.get("share_target"), t)
        if theta is None:
            return
        parts = [(mine[i], theta - p.get("q", 1.0)) for i, p in self.by_id.items()]
        parts += [(self.cost[d["id"], t], theta) for d in self.s["acute"]]
        if self.s.get("share_penalty") is not None:
            self.le.append((add(*parts, (self.var(("short", t)), -1)), 0.0))
        else:
            self.promise(f"share[{t}]", add(*parts), 0.0)

    def fairness(self) -> None:
        for rule in self.s.get("equity", []):
            for t in self.years:
                for terms, bound in self._fair(rule, t):
                    self.promise(f"equity[{rule['id']},{t}]", terms, bound)

    def _fair(self, rule: dict[str, Any], t: int) -> Iterator[tuple[Terms, float]]:
        if rule["kind"] == "group_share":
            least = at(rule["min"], t)
            yield add(*[(z, least - (g in rule["groups"])) for (_, g, _, u), z in self.reach.items() if u == t]), 0.0
        elif rule["kind"] == "locality_band":
            for place, need in rule["need_share"].items():
                least = (1 - at(rule["eps"], t)) * need
                yield add(*[(x, least - (o == place)) for (_, _, o, u), x in self.spend.items() if u == t]), 0.0
        else:
            found = [(e, rule["per_child"].get(g, 0.0)) for (_, g, _, u), e in self.stock.items() if u == t]
            yield add(*[(terms, w) for (terms, _), w in found]), at(rule["max"], t) - sum(c * w for (_, c), w in found)

    def outcome(self) -> Terms:
        horizon, extra, parts = self.s["horizon"], self.s["objective"].get("terminal_credit_years", 0), []
        for (i, g, _, t), e in self.effect.items():
            p = self.by_id[i]
            after = [y for y in range(horizon + 1, horizon + 1 + extra) if y >= t + p["lag"]]
            credit = sum(self.disc(y) * p["retention"] ** (y - t - p["lag"]) for y in after)
            parts.append((e, p.get("outcome", 1.0) * self.weight[g] * (self.disc(t) + credit)))
        return add(*parts)

    def stages(self) -> tuple[str, float]:
        goal = self.s["objective"]
        if goal.get("outcome_target") is not None:
            self.promise("outcome_target", add((self.outcome(), -1)), -goal["outcome_target"])
        for t in self.years if goal.get("unmet") != "priced" else ():
            terms = add(*[(u, 1) for (*_, y), u in self.unmet.items() if y == t])
            status, best = self.minimise(terms)
            if status != "optimal":
                return status, np.nan
            self.le.append((terms, best + 1e-9 * (1 + best)))
        short = [
            ({j: 1.0}, self.disc(k[1]) * at(self.s["share_penalty"], k[1])) for k, j in self.columns.items() if k[0] == "short"
        ]
        status, best = self.minimise(add((self._aim(goal["kind"]), 1), *self._priced(goal), *short))
        return status, best if goal["kind"] == "cost" else -best

    def _priced(self, goal: dict[str, Any]) -> list[tuple[Terms, float]]:
        penalty = {d["id"]: d["penalty"] for d in self.s["acute"]}
        if goal.get("unmet") != "priced":
            return []
        weight = self.weight if goal["kind"] == "outcome" else dict.fromkeys(self.weight, 1.0)
        priced = [(u, k) for k, u in self.unmet.items() if penalty[k[0]] is not None]
        return [(u, self.disc(t) * at(penalty[i], t) * weight[g]) for u, (i, g, _, t) in priced]

    def _aim(self, kind: str) -> Terms:
        if kind == "outcome":
            return add((self.outcome(), -1))
        if kind == "prevention_spend":
            return add(*[(x, -self.by_id[i].get("q", 1.0)) for (i, *_), x in self.spend.items()])
        parts = [(x, self.disc(t)) for (*_, t), x in self.spend.items()]
        parts += [(self.cost[d["id"], t], self.disc(t)) for d in self.s["acute"] for t in self.years]
        for key, i, a, place, t in [k for k in self.columns if k[0] == "up"]:
            parts.append((self.var((key, i, a, place, t)), self.disc(t) * at(self.by_id[i].get("setup_cost", 0.0), t)))
        return add(*parts)


def _responses(p: dict[str, Any]) -> Iterator[tuple[str, str, list]]:
    for g, places in p["segments"].items():
        for place, segments in places.items():
            yield g, place, segments


def _before(p: dict[str, Any], g: str, place: str, segments: list) -> float:
    left, e0 = p.get("base_reach", {}).get(g, {}).get(place, 0.0), 0.0
    for w, b in segments:
        use = left if w is None else min(w, left)
        e0, left = e0 + b * use, left - use
    return e0
