"""E2: in the ball of R_* = lambda / (2 nd e^{10B}) the kernel keeps lambda / 2, hence |grad L|^2 >= m lambda L.

Every radius that the program certifies is attacked by descent on lambda_min; its failing network is evaluated at its exact weights.
"""
import gmpy2
from gmpy2 import mpfr

from .. import hessian, network, perturbed, search, shared
from ..numbers import ANYTHING, INF, Truth, about, epsilon, exactly, half, rational, real, stable

CERTIFIED = ("certified_radius", "radius_entrywise", "radius_singular_value", "radius_tensor")


def attacked(instance, radius):
    """(lambda_min(H(W~)) as a truth, W~) at the worst W~ that descent finds in the ball of an exact rational radius."""
    def make():
        best = None
        for direction in search.ascend(instance, radius, "lambda"):
            w = search.displaced(instance, direction, radius)
            value = network.kernel_extremes(instance.x, w, instance.a, 1e-15, 1000)[0]
            if best is None or value.hi < best[0].hi:
                best = (value, w)
        return best
    return instance.shared(("attacked", str(radius)), make)


def paper_radius(instance, divisor=None):
    """R_* as a truth."""
    lam, forms = shared.lambda_min(instance), instance.forms()
    unit = about(forms.convex_radius())  # at lambda = 1
    return lam * unit


def infimum(instance, radius):
    """inf of lambda_min over the ball of an mpfr radius, as a truth."""
    lam = shared.lambda_min(instance)
    if not gmpy2.is_finite(radius) or radius <= 0:
        return lam if radius == 0 else Truth(mpfr(0), lam.hi)
    value, _ = attacked(instance, rational(radius) if isinstance(radius, str) else gmpy2.mpq(radius))
    return Truth(min(perturbed.lower_lambda(instance, radius), lam.lo), min(value.hi, lam.hi))


def slope_at(instance, w=None):
    """(|grad L|^2, m lambda L) at W or other weights as truths, lambda that of W."""
    lam = shared.lambda_min(instance)

    def squared():
        net = instance.network(w)
        value = about(net.squared_gradient())
        error = net.m * net.m * net.size() * epsilon() * 16  # of e, times |G| <= 2m
        bound = net.size() * (2 * gmpy2.sqrt(value.hi) * error + error * error)
        return Truth(max(value.lo - bound, mpfr(0)), value.hi + bound)

    def loss():
        residual = instance.network(w).residual_truth()
        return Truth(max(residual.lo, mpfr(0)) ** 2 / 2, residual.hi ** 2 / 2)
    bound = stable(loss) * lam * instance.m
    return stable(squared), bound


def check(instance, finding, report):
    shared.check_inputs_in_unit_ball(instance, finding, report)
    shared.check_logits(instance, finding, report)
    lam = shared.lambda_min(instance)
    report.claim(finding, "lambda_positive", lam, exactly(0), statement=True if lam.lo > 0 else None)
    report.quantity(finding, "lambda", lam)
    star = paper_radius(instance)
    report.quantity(finding, "paper_radius", star)
    failing = check_failing(instance, finding, report, lam)
    if lam.lo > 0:
        check_paper_ball(instance, finding, report, lam, star, failing)
        check_certified(instance, finding, report, lam, failing)
    check_slopes(instance, finding, report)
    curvature, _ = hessian.least_curvature(instance)
    if curvature is not None:
        report.quantity(finding, "negative_curvature", curvature)


def check_failing(instance, finding, report, lam):
    """R_fail is the displacement of its network, and lambda_min there is below lambda / 2. Returns a radius that fails (INF: none known)."""
    names = [name for name, node in finding.claims.items() if node.get("counterexample")]
    w = finding.network_file(names[0]) if names else None
    found = finding.quantity("failing_radius")
    if w is None or found is None or found.not_applicable or gmpy2.is_infinite(found.lo) and gmpy2.is_infinite(found.hi):
        return INF
    moved = search.largest_displacement(instance, w)
    value = network.kernel_extremes(instance.x, w, instance.a)[0]
    report.quantity(finding, "lambda_min_at_failing", value)
    if gmpy2.is_finite(found.hi):
        report.number("convex_region: failing_radius", found, moved)
        report.require(value.lo < lam.hi / 2, "convex_region: failing_radius", "lambda_min < lambda / 2 at its network", value)
    return moved.hi if value.hi < lam.lo / 2 else INF


def check_paper_ball(instance, finding, report, lam, star, failing):
    half_lambda = half(lam)
    inf = infimum(instance, star.lo)
    report.claim(finding, "half_kept_in_paper_ball", inf, half_lambda)
    m = instance.m
    report.claim(finding, "polyak_lojasiewicz_in_paper_ball", inf * (2 * m), lam * m)
    report.claim(finding, "true_radius_at_least_paper", Truth(mpfr(0), failing), star)


def check_certified(instance, finding, report, lam, failing):
    """No network within a certified radius has lambda_min < lambda / 2."""
    for name in CERTIFIED:
        found = finding.quantity(name)
        if found is None or found.not_applicable or not found.lo > 0 or gmpy2.is_infinite(found.lo):
            continue
        report.counts["quantities"] += 1
        what = "convex_region: " + name
        report.require(found.lo < failing, what, "below %s, where its own network fails" % failing, found)
        if name in ("certified_radius", "radius_entrywise"):
            value, _ = attacked(instance, gmpy2.mpq(found.lo))
            report.require(value.hi >= lam.lo / 2, what, "lambda_min >= lambda / 2 = %s in its ball" % (lam.lo / 2), value)
    fail, cert = finding.quantity("failing_radius"), finding.quantity("certified_radius")
    if fail and cert and not fail.not_applicable and not cert.not_applicable:
        report.require(cert.lo <= fail.hi, "convex_region: R_cert <= R_fail", "certified <= failing", "%s, %s" % (cert, fail))


def check_slopes(instance, finding, report):
    """|grad L|^2 >= m lambda L at W, and inside."""
    squared, bound = slope_at(instance)
    report.claim(finding, "polyak_lojasiewicz_at_start", squared, bound, statement=True)
    for name in ("polyak_lojasiewicz_inside", "certificate_below_counterexample"):
        node = finding.statement(name)
        if node is not None:
            report.require(node["verdict"] != "fails", "convex_region: " + name, "true: it follows from what is proved", node["verdict"])
