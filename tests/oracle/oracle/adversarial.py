"""The fixed adversarial instances: each once revealed a fault of the program. `theorems` names what it is for."""
from .instances import Instance, drawn_instance, inline, rows_of

PAIRED4 = dict(w="0.3,-0.2; 0.3,-0.2; -0.8,1.1; -0.8,1.1", a="1;-1;1;-1")


def one_row(name, x, w, a, y=".5", **more):
    return inline(name, x, y, w, a, **more)


def everywhere():
    """All of them."""
    from . import training_instances

    cases = [
        drawn_instance("negative_horizon", 2, 2, 1, 64, 1, "1", epsilon="3", theorems=("width", "time_horizon")),
        drawn_instance("relu_rate", 4, 4, 2, 64, 1, "1", set={"e1.relu_rate": "1.5"}, theorems=("activation_comparison",)),
        drawn_instance("relu_rate_wide", 4, 4, 2, 4096, 1, "1", set={"e1.relu_rate": "1.5"}, theorems=("activation_comparison",)),
        one_row("relu_zero_row", "0", "0.3;0.3;-0.7;-0.7;1;1;-1;-1", "1;-1;1;-1;1;-1;1;-1",
                theorems=("activation_comparison", "infinite_width", "basic_event", "ntk_perturbation", "convex_region")),
        one_row("flips_at_the_radius", "1", "0.0078125;-0.5", "1;-1", radius="0.0078125", theorems=("activation_comparison",)),
        inline("limit_order", "0.5;0.5;0.9", "0.5;0.5;0.5", "0;0", "1;-1", theorems=("infinite_width",)),
        inline("underflow_radius", "0.6,0.79; 1,0", "0.5; 0.25", radius="1e-200", theorems=("ntk_perturbation", "convex_region"), **PAIRED4),
        inline("underflow_holds", "0.6,0.79; 1,0", "0.5; 0.25", radius="1e-200", set={"e1.exponent": "0", "e1.multiplier": "1e-50"},
               theorems=("ntk_perturbation",), **PAIRED4),
        one_row("tiny_input_huge_weights", "1e-80", "3e79;3e79;-8e79;-8e79", "1;-1;1;-1"),
        one_row("tiny_input_fast", "1e-150", "0.3;0.3;-0.7;-0.7", "1;-1;1;-1", extra=("--tier", "fast"), theorems=("evaluate",)),
        one_row("odd_width", "1", "0.4", "1", set={"e0.C": "0.1"}, theorems=("basic_event",)),
        one_row("kernel_is_zero", "1", "0.3;-0.7", "1;1", theorems=("convex_region", "ntk_perturbation", "basic_event", "activation_comparison")),
        one_row("subnormal_input", "5e-324", "0.3;0.3;-0.7;-0.7", "1;-1;1;-1"),
        drawn_instance("huge_sigma", 4, 4, 2, 64, 1, "30000", theorems=("convex_region", "basic_event")),
        drawn_instance("undecided_trials", 3, 3, 2, 64, 1, "7", theorems=("infinite_width",)),
        one_row("undecided_trials_one_row", "1", "0.4;0.4;-1;-1;0.2;0.2;2;2", "1;-1;1;-1;1;-1;1;-1", sigma="6.5", theorems=("infinite_width",)),
        one_row("undecided_trials_tiny", "1e-160", "0.4;0.4;-1;-1;0.2;0.2;2;2", "1;-1;1;-1;1;-1;1;-1", theorems=("infinite_width",)),
        one_row("not_found_fast", "1", "0.4e-8;0.4e-8;-1e-8;-1e-8;0.2e-8;0.2e-8;2e-8;2e-8", "1;-1;1;-1;1;-1;1;-1", sigma="1e-8",
                extra=("--tier", "fast"), theorems=("infinite_width",)),
        drawn_instance("not_found_sigma", 3, 3, 2, 8, 1, "18.7", theorems=("infinite_width",)),
        one_row("infinite_bound", "1", "1e30;-1e30", "1;-1", sigma="1e30"),
        drawn_instance("rank_deficient", 4, 3, 2, 8, 1, "1", theorems=("convex_region", "ntk_perturbation")),
        drawn_instance("drawn_small", 4, 4, 2, 64, 1, "1"),
        drawn_instance("drawn_half", 3, 2, 2, 32, 5, "0.5", set={"e0.C": "1"}),
        inline("loss_envelope", "1", "0.5", "0;0", "1;-1", eta="2", steps=1, theorems=("time_horizon",)),
        inline("step_at_limit", "1", "0.5", "0;0", "1;-1", eta="0.5", theorems=("time_horizon", "convergence_certificate")),
        Instance("zero_labels", rows_of("1,0;0,1"), rows_of("0;0"), *_network(32, 2, 1), theorems=("width", "time_horizon")),
    ]
    return cases + training_instances.fixed()


def _network(m, d_in, d):
    from .draw import network
    return network(1, 1.0, m, d_in, d)
