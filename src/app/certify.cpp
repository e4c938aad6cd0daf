#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "app/command.hpp"
#include "app/interruption.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "app/value.hpp"
#include "data/input_error.hpp"
#include "data/memory.hpp"
#include "data/message.hpp"
#include "descent/convergence.hpp"
#include "descent/first_width.hpp"
#include "network/kernel.hpp"
#include "report/display.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

namespace assay::app {
namespace {

struct CertifyOptions {
  InstanceOptions instance;
  HyperOptions hyper;
  std::vector<Method> methods{Method::two_phase};
  long least = 2, most = long{1} << 24, seeds = 1;
  int threads = AccuracyOptions::default_threads();
  std::optional<double> seconds;
  std::optional<std::string> json_file;
};

/// What the search found for one seed by one method.
struct Found {
  std::uint64_t seed = 0;
  Method method = Method::two_phase;
  long m = 0;  ///< smallest power of two that certifies; 0 if none up to the limit
  ConvergenceProof proof;
  Known horizon;
  double seconds = 0;
  std::string why_not;
  bool no_width_helps = false;
};

std::vector<Method> methods_of(const std::string& text) {
  if (text == "all") return {Method::ball, Method::tube, Method::two_phase};
  for (const Method method : {Method::ball, Method::tube, Method::two_phase})
    if (name_of(method) == text) return {method};
  throw InputError(fmt::format("--method: expected ball, tube, two_phase or all, found {}", shown(text)));
}

long width_from(const std::string& option, const std::string& text) {
  const long value = integer_between(option, text, 2, long{1} << 34);
  if ((value & (value - 1)) != 0)
    throw InputError(fmt::format("{}: expected a power of two, found {}", option, shown(text)));
  return value;
}

InstanceRequest request_at(const CertifyOptions& options, std::uint64_t seed, long m) {
  InstanceRequest request = options.instance.request;
  request.seed = seed;
  request.m = m;
  return request;
}

ConvergenceProof prove(const CertifyOptions& options, const Instance& instance, Method method, Progress& progress) {
  ConvergenceRequest request;
  request.method = method;
  request.most_steps = options.hyper.values.steps;
  request.threads = options.threads;
  request.progress = [&](const std::string& detail) { progress.say(detail); };
  if (const auto& eta = options.hyper.values.eta) request.eta = eta->at(64).approx_double();
  const Setting setting(instance, options.hyper.values, options.hyper.constants, options.threads);
  return with_memory_for(instance,
                         [&] { return prove_convergence(instance.x, instance.y, *setting.neurons(), request); });
}

/// Tries one width, and keeps in `found` what came of it. Where no width can help, the wider ones are not tried.
bool proves_at(const CertifyOptions& options, Index m, Found& found, Progress& progress) {
  if (found.no_width_helps) return false;
  const Instance instance = make_instance(request_at(options, found.seed, m));
  found.proof = {};  // of this width or none
  if (const auto degeneracy = certain_degeneracy(instance.x, m, instance.d())) {
    found.why_not = describe(*degeneracy);
    found.no_width_helps = degeneracy->kind != Degeneracy::Kind::too_narrow;
    return false;
  }
  progress.begin(fmt::format("seed {}, {}, m = {}: ", found.seed, name_of(found.method), m));
  found.proof = prove(options, instance, found.method, progress);
  found.why_not = found.proof.certificate.why_not;
  return found.proof.certified();
}

Found search(const CertifyOptions& options, std::uint64_t seed, Method method, Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  Found found;
  found.seed = seed;
  found.method = method;
  try {
    const Stoppable stoppable;
    const auto passes = [&](Index m) { return proves_at(options, m, found, progress); };
    found.m = first_width(options.least, options.most, passes).value_or(0);
  } catch (const Stopped& stopped) {
    found.why_not = stopped.what();
  }
  found.horizon = certified_horizon(found.proof, options.hyper.values.epsilon.at(64));
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return found;
}

std::string power_in_words(long m) {
  int exponent = 0;
  while (m >> (exponent + 1) != 0) ++exponent;
  return fmt::format("{} = 2^{}", m, exponent);
}

std::string table_of(const std::vector<Found>& all, long most) {
  std::vector<std::vector<std::string>> rows;
  for (const Found& found : all) {
    std::vector<std::string> row{std::to_string(found.seed), std::string(name_of(found.method))};
    if (found.m == 0) {
      row.insert(row.end(), {"none up to " + power_in_words(most), "—", "—", "—", "—"});
    } else {
      const ConvergenceCertificate& certificate = found.proof.certificate;
      row.insert(row.end(),
                 {power_in_words(found.m), std::to_string(found.proof.followed), fmt::format("{:.4g}", certificate.eta),
                  display(Known(certificate.theta)), display(found.horizon)});
    }
    row.push_back(fmt::format("{:.1f}", found.seconds));
    rows.push_back(std::move(row));
  }
  std::string text =
      text_table({"seed", "method", "smallest m", "followed", "step", "contraction", "T_cert", "seconds"}, rows);
  for (const Found& found : all)
    if (found.m == 0)
      text +=
          fmt::format("\nseed {}, {}: at the last width tried, {}\n", found.seed, name_of(found.method), found.why_not);
  return text;
}

std::string notes_of(const InstanceOptions& instance) {
  std::string text;
  for (const std::string& note : instance.notes) text += "\n" + plain_text(note) + "\n";
  return text;
}

std::vector<CertificateReport> reports_of(const std::vector<Found>& all) {
  std::vector<CertificateReport> reports;
  for (const Found& found : all) {
    const ConvergenceCertificate& certificate = found.proof.certificate;
    reports.push_back({.seed = found.seed,
                       .method = std::string(name_of(found.method)),
                       .m = found.m,
                       .followed = found.proof.followed,
                       .eta = Interval(certificate.eta, 64),
                       .mu = certificate.mu,
                       .theta = certificate.theta,
                       .horizon = found.horizon,
                       .largest_move = AtMost(Interval(found.proof.largest_move, 64)),
                       .seconds = found.seconds,
                       .why_not = found.m != 0 ? "" : found.why_not});
  }
  return reports;
}

ExitStatus certify(const CertifyOptions& options) {
  const OutputFile json("--json", options.json_file);
  if (options.instance.request.w_file || options.instance.request.m)
    throw InputError("certify: expected neither --w nor --m: the weights are drawn at every width that is tried");
  if (options.least > options.most) throw InputError("--min-m, --max-m: expected --min-m to be the smaller one");
  std::vector<Found> all;
  {
    const Interruption interruption("nothing was reported", FirstSignal::ends_computations);
    const TimeLimit limit = time_limit(options.seconds);
    Progress progress;
    const std::uint64_t first = options.instance.request.seed.value_or(1);
    for (long k = 0; k < options.seeds; ++k)
      for (const Method method : options.methods)
        all.push_back(search(options, first + static_cast<std::uint64_t>(k), method, progress));
  }
  json.write(json.is_asked_for() ? certificates_json(reports_of(all)) : "");
  if (!json.is_standard_output()) print(table_of(all, options.most) + notes_of(options.instance));
  const bool complete = std::all_of(all.begin(), all.end(), [](const Found& found) { return found.m != 0; });
  if (computations_are_interrupted()) return interrupted;
  return complete ? succeeded : undecided;
}

}  // namespace

void add_certify(Program& program, Chosen& chosen) {
  Command command =
      program.add_command("certify", "Smallest power of two of m at which gradient descent provably reaches zero loss");
  const auto options = std::make_shared<CertifyOptions>();
  options->hyper.values.steps = 20000;
  options->instance.add_to(command);
  options->hyper.add_to(command, "Hyperparameters");
  command
      .add_value(
          "--method", "NAME",
          "ball: over a ball around the start; tube: over what gradient descent can reach in it; two_phase: follow "
          "the orbit first, for at most --steps steps; all",
          [options](const std::string& text) { options->methods = methods_of(text); })
      .default_text("two_phase");
  command
      .add_value("--min-m", "INT", "First width that is tried, a power of two",
                 [options](const std::string& text) { options->least = width_from("--min-m", text); })
      .default_text("2");
  command
      .add_value("--max-m", "INT", "Last width that is tried, a power of two",
                 [options](const std::string& text) { options->most = width_from("--max-m", text); })
      .default_text(std::to_string(options->most));
  command
      .add_value(
          "--seeds", "INT", "Number of seeds, from --seed on",
          [options](const std::string& text) { options->seeds = integer_between("--seeds", text, 1, 1'000'000); })
      .default_text("1");
  add_threads_to(command, options->threads);
  add_time_limit_to(command, options->seconds);
  add_json_to(command, options->json_file);
  command.footer(
      "\nExamples:\n"
      "  assay certify --n 4 --d 4 --seeds 10\n"
      "  assay certify --data iris --rows 1,2,51,52,101,102 --method all\n"
      "A width that is not certified may still train: then no proof was found. Exit status 3 if a search found none.");
  command.action([&chosen, options] { chosen = [options] { return certify(*options); }; });
}

}  // namespace assay::app
