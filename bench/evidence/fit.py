"""Fits the weights of the rule that chooses the number of groups, and says how often it is right.

    tribus-evidence-bench grouped 5000 1000 --features > grouped.jsonl
    tribus-evidence-bench ungrouped 1 160 --features > ungrouped.jsonl
    python3 bench/evidence/fit.py grouped.jsonl ungrouped.jsonl

Prints the constants of crates/tribus/src/evidence/score.rs and the rates by tenfold cross-validation. Needs NumPy and
SciPy.
"""

import json
import sys

import numpy as np
from scipy.optimize import minimize

RIDGE = 0.003
FOLDS = 10


def load(path):
    with open(path, encoding="utf-8") as lines:
        tables = [json.loads(line) for line in lines if line.endswith("\n")]
    return [table for table in tables if "refused" not in table]


def softmax(scores):
    parts = np.exp(scores - scores.max())
    return parts / parts.sum()


def fit_choice(tables):
    """Conditional logit: which of the candidates is the number of groups."""
    rows = [(np.array(t["features"]), t["at"]) for t in tables]

    def loss(weights):
        total, gradient = 0.0, np.zeros_like(weights)
        for features, right in rows:
            likelihoods = softmax(features @ weights)
            total -= np.log(likelihoods[right])
            gradient += features.T @ likelihoods - features[right]
        n = len(rows)
        return total / n + RIDGE * weights @ weights / 2, gradient / n + RIDGE * weights

    start = np.zeros(len(tables[0]["features"][0]))
    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def group_features(table, weights):
    """Those of the likeliest number, with its likelihood in the last place."""
    likelihoods = softmax(np.array(table["features"]) @ weights)
    at = int(likelihoods.argmax())
    return np.append(np.array(table["group_features"][at])[:-1], likelihoods[at])


def fit_groups(grouped, ungrouped, weights):
    """Logistic regression: groups or none; both kinds of table weigh the same."""
    x = np.array([group_features(t, weights) for t in grouped + ungrouped])
    x = np.column_stack([x, np.ones(len(x))])
    sign = np.array([1.0] * len(grouped) + [-1.0] * len(ungrouped))
    weight = np.array([0.5 / len(grouped)] * len(grouped) + [0.5 / max(1, len(ungrouped))] * len(ungrouped))
    free = np.append(np.ones(x.shape[1] - 1), 0.0)

    def loss(w):
        margin = sign * (x @ w)
        value = weight @ np.logaddexp(0.0, -margin) + RIDGE / 10 * (free * w) @ w / 2
        gradient = -(x.T @ (weight * sign / (1.0 + np.exp(margin)))) + RIDGE / 10 * free * w
        return value, gradient

    w = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return w[:-1], w[-1]


def likely_groups(table, weights, group_weights, offset):
    return 1.0 / (1.0 + np.exp(-(group_features(table, weights) @ group_weights + offset)))


def cross_validate(grouped, ungrouped):
    order = np.random.RandomState(0)
    folds = [order.permutation(len(tables)) % FOLDS for tables in (grouped, ungrouped)]
    results, none = [], []
    for fold in range(FOLDS):
        train = [t for t, f in zip(grouped, folds[0]) if f != fold]
        train_none = [t for t, f in zip(ungrouped, folds[1]) if f != fold]
        weights = fit_choice(train)
        group_weights, offset = fit_groups(train, train_none, weights)
        for table in (t for t, f in zip(grouped, folds[0]) if f == fold):
            likelihoods = softmax(np.array(table["features"]) @ weights)
            at = int(likelihoods.argmax())
            groups = likely_groups(table, weights, group_weights, offset)
            results.append((groups, likelihoods[at], table["candidates"][at]["k"], table["about"]["groups"], table))
        for table in (t for t, f in zip(ungrouped, folds[1]) if f == fold):
            none.append((likely_groups(table, weights, group_weights, offset), table))
    return results, none


def report(results, none):
    n = len(results)
    right = [k == true for _, _, k, true, _ in results]
    near = [abs(k - true) <= 1 for _, _, k, true, _ in results]
    found = [groups >= 0.5 for groups, *_ in results]
    print(f"{n} tables with groups: right {sum(right) / n:.3f}, within one {sum(near) / n:.3f}, "
          f"called groups {sum(found) / n:.3f}, both {sum(a and b for a, b in zip(right, found)) / n:.3f}")
    print(f"{len(none)} tables without: called groups {sum(g >= 0.5 for g, _ in none) / max(1, len(none)):.3f}")
    for least in (0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5):
        sure = [r for r, (groups, likely, *_) in zip(right, results) if groups * likely >= least]
        if sure:
            print(f"likelihood >= {least}: {len(sure)} tables, right {sum(sure) / len(sure):.3f}")
    for rule in results[0][4]["simple_rules"]:
        hits = [t["simple_rules"][rule] == t["about"]["groups"] for *_, t in results]
        print(f"{rule}: right {sum(hits) / n:.3f}")


def constant(name, values):
    print(f"{name}: [{', '.join(f'{value:.3f}' for value in values)}]")


def main():
    grouped, ungrouped = load(sys.argv[1]), load(sys.argv[2])
    for table in grouped:
        ks = [candidate["k"] for candidate in table["candidates"]]
        table["at"] = ks.index(table["about"]["groups"]) if table["about"]["groups"] in ks else None
    grouped = [table for table in grouped if table["at"] is not None]
    report(*cross_validate(grouped, ungrouped))
    weights = fit_choice(grouped)
    group_weights, offset = fit_groups(grouped, ungrouped, weights)
    constant("WEIGHTS", weights)
    constant("GROUP_WEIGHTS", group_weights)
    print(f"NO_GROUPS: {offset:.3f}")


if __name__ == "__main__":
    main()
