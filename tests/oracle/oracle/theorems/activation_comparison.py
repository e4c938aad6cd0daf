"""E1 for three activations, E5 (Table 1), and the limits with and without the normalization.

exp: H_ij = <x_i, x_j> (1/m) sum e^{z_i + z_j};  ReLU: H_ij = <x_i, x_j> #{r: z_i >= 0, z_j >= 0} / m, counted exactly.
"""
import itertools
import random

import gmpy2
from gmpy2 import mpfr, mpq, exp, expm1, log, log10, sqrt, fsum

from . import convex_region, ntk_perturbation
from .. import eigen, limits, network, search, shared, tails
from ..numbers import ANYTHING, INF, Truth, about, exactly, half, rational, real, stable, widened

NAMES = ("softmax", "exp", "relu")


# Kernels.

def exp_rows(instance, w=None):
    """Kernel of the exp network at W or other exact weights."""
    net = shared.forward(instance) if w is None else instance.network(w)
    n, m = net.n, net.m
    e = [[exp(v) for v in row] for row in net.z]
    return [[net.gram[i][j] * fsum([a * b for a, b in zip(e[i], e[j])]) / m if net.gram[i][j] != 0 else mpfr(0) for j in range(n)]
            for i in range(n)]


def relu_signs(instance, w=None):
    """s[i][r], exact."""
    net = shared.forward(instance)
    if w is None:
        return [[v >= 0 for v in row] for row in net.exact_logits]
    rows = network.exact_rows(w)
    return [[network.exact_dot(row, x) >= 0 for row in rows] for x in net.x]


def relu_rows(instance, signs):
    g, m, n = shared.gram(instance), instance.m, instance.n
    return [[mpfr(g[i][j] * sum(a and b for a, b in zip(signs[i], signs[j])) / m) for j in range(n)] for i in range(n)]


def kernel_rows(instance, name, w=None):
    return exp_rows(instance, w) if name == "exp" else relu_rows(instance, relu_signs(instance, w))


def lambda_of(instance, name, w=None):
    """lambda_min as a truth."""
    if name == "softmax":
        return shared.lambda_min(instance) if w is None else network.kernel_extremes(instance.x, w, instance.a, 1e-15)[0]

    def make():
        def value():
            if name == "relu":
                rows = relu_rows(instance, relu_signs(instance, w))
            else:
                rows = exp_rows_fresh(instance, w)
            lo, _ = eigen.extremes(rows)
            return Truth(max(lo.lo, mpfr(0)), max(lo.hi, mpfr(0)))
        return stable(value)
    return instance.shared(("lambda", name), make) if w is None else make()


def exp_rows_fresh(instance, w=None):
    """exp_rows at the precision at hand."""
    net = instance.network(w)
    n, m = net.n, net.m
    e = [[exp(v) for v in row] for row in net.z]
    return [[net.gram[i][j] * fsum([a * b for a, b in zip(e[i], e[j])]) / m if net.gram[i][j] != 0 else mpfr(0) for j in range(n)]
            for i in range(n)]


def norm_of(instance, name):
    if name == "softmax":
        return shared.kernel_norm(instance)
    return about(eigen.frobenius(kernel_rows(instance, name)))


# Suprema over the ball.

def supremum(instance, name):
    """sup |H(W~) - H(W)|_F over the ball as a truth."""
    if name == "softmax":
        return ntk_perturbation.supremum(instance, instance.radius)[0]
    return instance.shared(("supremum", name), lambda: exp_supremum(instance) if name == "exp" else relu_supremum(instance))


def exp_supremum(instance):
    """Above: |H_ij| (e^{R |x_i + x_j|} - 1) entry by entry; below: common shifts along rows and sums of rows."""
    g, n = shared.gram(instance), instance.n
    radius = rational(instance.radius)
    h = exp_rows(instance)
    above = eigen.frobenius([[abs(h[i][j]) * expm1(mpfr(radius) * sqrt(max(mpfr(g[i][i] + 2 * g[i][j] + g[j][j]), mpfr(0)))) for j in range(n)]
                             for i in range(n)])
    below = mpfr(0)
    x = shared.forward(instance).x
    for i in range(n):
        for j in range(i + 1):
            for sign in (1, -1):
                v = [sign * (a + b) for a, b in zip(x[i], x[j])]
                below = max(below, common_shift_change(h, x, v, radius))
    return Truth(about(below).lo, about(above).hi)


def common_shift_change(h, x, v, radius):
    """|DHD - H|_F, D = diag(e^{<u, x_i>}), u = R v / |v| pulled into the ball exactly."""
    norm = sum(c * c for c in v)
    if norm == 0:
        return mpfr(0)
    length = mpq(sqrt(mpfr(norm)) * (1 + mpfr(2) ** -100))
    u = [radius * c / length for c in v]
    t = [mpfr(network.exact_dot(u, row)) for row in x]
    return eigen.frobenius([[h[i][j] * expm1(t[i] + t[j]) for j in range(len(h))] for i in range(len(h))])


def flips(instance, radius):
    """For each sample: which neurons can be switched off and on in the closed ball, decided exactly."""
    net, g = shared.forward(instance), shared.gram(instance)
    off, on = [], []
    for i in range(instance.n):
        reach = radius * radius * g[i][i]
        off.append([v >= 0 and v * v < reach for v in net.exact_logits[i]])
        on.append([v < 0 and v * v <= reach for v in net.exact_logits[i]])
    return off, on


def flipping_fraction(instance):
    """phi, exact."""
    off, on = flips(instance, rational(instance.radius))
    return mpq(max(max(sum(row) for row in off), max(sum(row) for row in on)), instance.m)


def counted_fraction(instance):
    """The truth of phi-hat, which counts a neuron unless that is excluded: at a tie, and within a rounding or an underflow of one, it may be
    counted."""
    net, g = shared.forward(instance), shared.gram(instance)
    most = 0
    for i in range(instance.n):
        reach = rational(instance.radius) ** 2 * g[i][i] * (1 + mpq(1, 10 ** 9))
        near = [v for v in net.exact_logits[i] if v * v <= reach or abs(v) < mpq(1, 10 ** 290)]
        active = sum(v >= 0 for v in near)
        most = max(most, active, len(near) - active)
    return Truth(about(mpfr(flipping_fraction(instance))).lo, about(mpfr(mpq(most, instance.m))).hi)


def relu_candidates(instance, radius):
    """For each neuron the sign vectors that moves along +-x_i reach, with the moves."""
    x, g = shared.forward(instance).x, shared.gram(instance)
    moves = [[mpq(0)] * instance.d_in]
    for i in range(instance.n):
        if g[i][i] == 0:
            continue
        length = mpq(sqrt(mpfr(g[i][i])) * (1 + mpfr(2) ** -200))
        moves += [[sign * radius * c / length for c in x[i]] for sign in (1, -1)]
    result = []
    for row in shared.forward(instance).w:
        seen = {}
        for u in moves:
            w = [a + b for a, b in zip(row, u)]
            seen.setdefault(tuple(network.exact_dot(w, xi) >= 0 for xi in x), w)
        result.append(seen)
    return result


def relu_attacks(instance, radius):
    """Exact weights in the ball: as few active as possible, as many, and greedy ones; each with its sign matrix (samples x neurons)."""
    candidates = relu_candidates(instance, radius)
    choices = [[min(seen, key=sum) for seen in candidates], [max(seen, key=sum) for seen in candidates]]
    for i in range(instance.n):
        choices.append([min(seen, key=lambda s: (s[i], -sum(s))) for seen in candidates])
        choices.append([min(seen, key=lambda s: (not s[i], sum(s))) for seen in candidates])
    for choice in choices:
        yield [seen[s] for seen, s in zip(candidates, choice)], [[s[i] for s in choice] for i in range(instance.n)]


def relu_supremum(instance):
    g, n, m = shared.gram(instance), instance.n, instance.m
    radius = rational(instance.radius)
    signs, (off, on) = relu_signs(instance), flips(instance, radius)
    above = []
    for i in range(n):
        for j in range(n):
            falls = sum(signs[i][r] and signs[j][r] and (off[i][r] or off[j][r]) for r in range(m))
            rises = sum(not (signs[i][r] and signs[j][r]) and (signs[i][r] or on[i][r]) and (signs[j][r] or on[j][r]) for r in range(m))
            above.append(mpfr(abs(g[i][j]) * max(falls, rises) / m))
    h, below = relu_rows(instance, signs), mpfr(0)
    for _, moved in relu_attacks(instance, radius):
        rows = relu_rows(instance, moved)
        below = max(below, eigen.frobenius([[a - b for a, b in zip(u, v)] for u, v in zip(rows, h)]))
    return Truth(about(below).lo, about(sqrt(fsum([v * v for v in above]))).hi)


# The rows of Lemma 5.1.

def slope(instance, name):
    """The bound over R: softmax nd e^{10B}, exp 3n e^{10B_1}, ReLU 2n."""
    forms = instance.forms()
    if name == "relu":
        return forms.constant("e1.relu_multiplier") * instance.n
    power = forms.constant("e1.exponent")
    if name == "exp":
        return forms.constant("e1.exp_multiplier") * instance.n * exp(power * forms.B_one_output())
    return forms.constant("e1.multiplier") * instance.size * exp(power * forms.B())


def star(instance, name):
    """lambda / 2 over the slope; for softmax R_* of convex_region."""
    if name == "softmax":
        return convex_region.paper_radius(instance)
    lam, divisor = lambda_of(instance, name), instance.constant("e2.divisor") * slope(instance, name)
    return widened(lam.lo / divisor, lam.hi / divisor)


def relu_failure(instance, bound):
    """P(sup |H(W~) - H(W)|_F > bound) for the ReLU network at initialization, as a truth. One sample: exact."""
    g, n = shared.gram(instance), instance.n
    pairs = mpq(instance.m, 2)
    weight = sqrt(mpfr(sum(g[i][j] ** 2 * (1 if i == j else 4) for i in range(n) for j in range(n))))
    radius = real(instance.radius)
    if weight == 0 or radius == 0:
        return exactly(0)
    sigma = mpfr(instance.sigma_number())
    p = gmpy2.erf(radius / (sigma * sqrt(mpfr(2)))) / 2
    if n == 1 and instance.m % 2 == 0:
        return about(one_sample(int(pairs), p, bound / mpfr(g[0][0])))
    least = min(mpfr(1), 2 * n * mpfr(pairs + 1) * p)
    t = bound / weight
    if t >= 1:
        least = mpfr(0)
    elif t > p:
        least = min(least, 2 * n * exp(-mpfr(pairs) * (t * log(t / p) + (1 - t) * log((1 - t) / (1 - p)))))
    return Truth(mpfr(0), about(least).hi)


def one_sample(pairs, p, share):
    """P(max(N_off, N_on) > share * pairs), (N_off, N_on) trinomial with probabilities p, p."""
    most = int(gmpy2.floor(share * pairs))
    if most >= pairs:
        return mpfr(0)
    inside = mpfr(0)
    for a in range(0, most + 1):
        first = gmpy2.bincoef(pairs, a) * p ** a
        for b in range(0, min(most, pairs - a) + 1):
            inside += first * gmpy2.bincoef(pairs - a, b) * p ** b * (1 - 2 * p) ** (pairs - a - b)
    return max(1 - inside, mpfr(0))


def allowed_failure(instance, scale):
    """n^2 e^{-rate m R / scale}."""
    return instance.n ** 2 * exp(-instance.constant("e1.relu_rate") * instance.m * real(instance.radius) / scale)


def check(instance, finding, report):
    check_hypotheses(instance, finding, report)
    slopes = {name: check_row(instance, finding, report, name) for name in NAMES}
    for name in ("softmax", "relu"):
        if slopes[name] is not None and slopes["exp"] is not None:
            report.claim(finding, "relative_change_%s_exp" % name, slopes[name], slopes["exp"])
    check_relu(instance, finding, report)
    check_exp_region(instance, finding, report)
    for name in NAMES:
        check_table(instance, finding, report, name)
    check_limits(instance, finding, report)
    check_cells(instance, finding, report)
    check_gelu(instance, finding, report)


def gelu_rows(instance, w=None):
    """Kernel of the GELU network, whose slope is Phi(z) + z p(z)."""
    net = instance.network(w)

    def slope(z):
        return gmpy2.erfc(-z / sqrt(mpfr(2))) / 2 + z * exp(-z * z / 2) / sqrt(2 * gmpy2.const_pi())

    s = [[slope(z) for z in row] for row in net.z]
    return [[net.gram[i][j] * fsum([a * b for a, b in zip(s[i], s[j])]) / net.m for j in range(net.n)] for i in range(net.n)]


def check_gelu(instance, finding, report):
    """A model beside the paper's: its smallest eigenvalue, and that no row is claimed for it."""
    def make():
        if not limits.gelu_positive(instance.x):
            return exactly(0)

        def value():
            lo, _ = eigen.extremes(gelu_rows(instance))
            return Truth(max(lo.lo, mpfr(0)), max(lo.hi, mpfr(0)))
        return stable(value)

    report.quantity(finding, "lambda_min_gelu", instance.shared(("lambda", "gelu"), make))


def check_cells(instance, finding, report):
    """Table 1: cells without a constant say nothing; the exponent of n that n^{o(1)} is, at n^2 and at n samples."""
    for cell in ("exp_width", "exp_steps", "relu_width", "relu_steps"):
        node = finding.statement("table_1_" + cell)
        report.require(node is None or node["verdict"] == "not_applicable", "activation_comparison: table_1_" + cell, "not_applicable",
                       node and node["verdict"])
    if instance.n < 2:
        return

    def exponent(n):
        forms = instance.forms()
        b = max(forms.constant("e0.C") * forms.sigma * sqrt(log(n * forms.d / forms.delta)), forms.constant("e0.floor"))
        return forms.constant("e3.exponent") * b / log(n)

    n = mpfr(instance.n)
    report.claim(finding, "hidden_exponent_falls", about(exponent(n * n)), about(exponent(n)))


def check_hypotheses(instance, finding, report):
    shared.check_inputs_in_unit_ball(instance, finding, report)
    shared.check_logits(instance, finding, report, "logits_at_most_B1", about(instance.forms().B_one_output()))
    radius, limit = rational(instance.radius), rational(instance.set.get("e1.radius_max", "0.01"))
    report.claim(finding, "radius_positive", about(mpfr(radius)), exactly(0), statement=bool(radius > 0))
    report.claim(finding, "radius_below_limit", about(mpfr(radius)), about(mpfr(limit)), statement=bool(radius < limit))
    report.claim(finding, "w_tilde_in_ball", ANYTHING, about(mpfr(radius)), statement=True)


def check_row(instance, finding, report, name):
    """The row's claim, the supremum, and what the program's own network attains."""
    sup, radius = supremum(instance, name), real(instance.radius)
    bound = about(slope(instance, name) * radius)
    claim = {"softmax": "softmax_row", "exp": "exp_row", "relu": "relu_row_by_flips"}[name]
    w = finding.network_file(claim)
    if w is not None:
        sup = check_attained(instance, finding, report, name, w, sup)
    report.quantity(finding, "supremum_F_" + name, sup)
    report.quantity(finding, "paper_bound_" + name, bound)
    if name == "relu":
        report.claim(finding, claim, sup, counted_fraction(instance) * (instance.constant("e1.relu_multiplier") * instance.n), statement=True)
        report.claim(finding, "relu_row_as_printed", sup, bound)
    else:
        report.claim(finding, claim, sup, bound)
    norm = norm_of(instance, name)
    if norm.lo > 0 and radius > 0:
        relative = widened(sup.lo / (radius * norm.hi), sup.hi / (radius * norm.lo))
        report.quantity(finding, "relative_slope_" + name, relative)
    else:
        relative = None
    lam = lambda_of(instance, name)
    report.quantity(finding, "lambda_min_" + name, lam)
    radius_star = star(instance, name)
    report.quantity(finding, "R_star_" + name, radius_star)
    check_radii(instance, finding, report, name, lam, radius_star)
    return relative


def check_attained(instance, finding, report, name, w, sup):
    """The lower end of the supremum is attained at the network in the file, which lies in the ball."""
    radius = real(instance.radius)
    moved = search.largest_displacement(instance, w)
    report.require(moved.lo <= radius, "activation_comparison: network of " + name, "in the ball of radius %s" % radius, moved)
    if name == "softmax":
        value = search.change_at(instance, w)[0]
    else:
        first, second = kernel_rows(instance, name), kernel_rows(instance, name, w)
        value = about(eigen.frobenius([[b - a for a, b in zip(u, v)] for u, v in zip(first, second)]))
        if value.hi < mpfr(2) ** -100 * norm_of(instance, name).hi:
            return sup
    if moved.hi <= radius:
        found = finding.quantity("supremum_F_" + name)
        if found and not found.not_applicable:
            report.require(found.hi >= value.lo, "activation_comparison: supremum_F_" + name, "at least %s, attained" % value.lo, found)
        return Truth(max(sup.lo, value.lo), sup.hi)
    return sup


def check_radii(instance, finding, report, name, lam, radius_star):
    """Attacks of R_cert; R_fail is at least R_cert; their quotient with R_star."""
    cert, fail = finding.quantity("R_cert_" + name), finding.quantity("R_fail_" + name)
    if cert is None or cert.not_applicable or not cert.lo > 0 or gmpy2.is_infinite(cert.lo) or lam.lo <= 0:
        return
    report.counts["quantities"] += 1
    if fail is not None and not fail.not_applicable:
        report.require(fail.hi >= cert.lo, "activation_comparison: R_fail_" + name, "at least R_cert = %s" % cert, fail)
    least = worst_lambda(instance, name, gmpy2.mpq(cert.lo))
    if least is not None:
        report.require(least.hi >= lam.lo / 2, "activation_comparison: R_cert_" + name, "lambda_min >= %s in the ball" % (lam.lo / 2), least)
    quotient = finding.quantity("R_cert_over_R_star_" + name)
    if quotient is not None and not quotient.not_applicable and gmpy2.is_finite(cert.hi) and radius_star.lo > 0:
        report.number("activation_comparison: R_cert_over_R_star_" + name, quotient, widened(cert.lo / radius_star.hi, cert.hi / radius_star.lo, mpfr("1e-16")))


def worst_lambda(instance, name, radius):
    """lambda_min at the worst network that is found in the ball of an exact radius."""
    if name == "softmax":
        return convex_region.attacked(instance, radius)[0]
    best = None
    if name == "relu":
        for _, signs in relu_attacks(instance, radius):
            lo, _ = eigen.extremes(relu_rows(instance, signs))
            best = lo if best is None or lo.hi < best.hi else best
        return best
    if radius > 10 ** 4:
        return None
    x = shared.forward(instance).x
    h = exp_rows(instance)
    for i in range(instance.n):
        norm = sum(c * c for c in x[i])
        if norm == 0:
            continue
        for sign in (1, -1):
            length = mpq(sqrt(mpfr(norm)) * (1 + mpfr(2) ** -100))
            t = [exp(mpfr(network.exact_dot([sign * radius * c / length for c in x[i]], row))) for row in x]
            lo, _ = eigen.extremes([[h[a][b] * t[a] * t[b] for b in range(len(h))] for a in range(len(h))])
            best = lo if best is None or lo.hi < best.hi else best
    return best


def check_relu(instance, finding, report):
    """Flips and probabilities of the ReLU row."""
    report.quantity(finding, "flipping_fraction", counted_fraction(instance))
    sigma, radius = mpfr(instance.sigma_number()), real(instance.radius)
    if radius <= 0:
        return
    multiplier = instance.constant("e1.relu_multiplier")
    scaled = relu_failure(instance, multiplier * instance.n * radius / sigma)
    report.claim(finding, "relu_row_in_probability", scaled, about(allowed_failure(instance, sigma)))
    report.claim(finding, "relu_row_promises_nothing", about(allowed_failure(instance, mpfr(1))), exactly(1))
    printed = relu_failure(instance, multiplier * instance.n * radius)
    report.claim(finding, "relu_row_in_probability_as_printed", printed, about(allowed_failure(instance, mpfr(1))))
    report.quantity(finding, "relu_row_failure_probability", printed)


def check_exp_region(instance, finding, report):
    """lambda_min >= lambda / 2 in the ball of R_star of the exp row."""
    lam, radius = lambda_of(instance, "exp"), star(instance, "exp")
    if lam.lo <= 0 or not radius.lo > 0:
        return
    least = worst_lambda(instance, "exp", gmpy2.mpq(radius.lo))
    if least is not None:
        report.claim(finding, "exp_region", Truth(mpfr(0), min(least.hi, lam.hi)), half(lam))


def check_table(instance, finding, report, name):
    """Table 1 with n^{o(1)} = e^{18B}, e^{16B}; the exponent of n that this is."""
    forms, lam, n = instance.forms(), lambda_of(instance, name), mpfr(instance.n)
    b = mpfr(0) if name == "relu" else forms.B_one_output() if name == "exp" else forms.B()
    powers = {key: exp(forms.constant(key) * b) for key in ("e3.exponent", "e3.eta_exponent")}
    if lam.lo > 0:
        base = widened((n / lam.hi) ** 2, (n / lam.lo) ** 2)
        width = powers["e3.exponent"] * (log(n) if name == "relu" else log(n) ** 2)
        report.quantity(finding, "table_width_" + name, base * width)
        steps = powers["e3.eta_exponent"] * log(n / real(instance.epsilon))
        if steps >= 0:
            report.quantity(finding, "table_steps_" + name, base * steps)
    if instance.n > 1:
        report.quantity(finding, "true_exponent_" + name, about(2 + forms.constant("e3.exponent") * b / log(n)))
    else:
        report.undefined(finding, "true_exponent_" + name, "log n = 0")


def check_limits(instance, finding, report):
    """Condition numbers of the three limits; log10 of the n at which e^{18B} <= n."""
    for name in NAMES:
        positive = limits.relu_positive(instance.x) if name == "relu" else limits.softmax_positive(instance.x)
        found = finding.quantity("limit_condition_" + name)
        if not positive or found is None:
            continue

        def condition():
            rows = limits.relu_kernel(instance.x) if name == "relu" else (
                limits.softmax_kernel if name == "softmax" else limits.exp_kernel)(instance.x, instance.sigma_number())
            lo, hi = eigen.extremes(rows)
            return widened(hi.lo / lo.hi, hi.hi / lo.lo) if lo.lo > 0 else Truth(mpfr(1), INF)
        report.quantity(finding, "limit_condition_" + name, stable(condition))
    forms = instance.forms()
    k2 = (forms.constant("e3.exponent") * forms.constant("e0.C") * forms.sigma) ** 2
    c = log(forms.d / forms.delta)
    value = max(k2 / 2 + sqrt(k2 * k2 / 4 + k2 * c), forms.constant("e3.exponent") * forms.constant("e0.floor")) / log(mpfr(10))
    report.quantity(finding, "log10_n_for_exponent_3", about(value))
