#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include "app/command.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"
#include "enclosure/environment.hpp"
#include "enclosure/exhausted_memory.hpp"
#include "enclosure/stop.hpp"
#include "report/run_info.hpp"

namespace assay::app {
namespace {

constexpr const char* kDescription =
    "Checks theorems about wide softmax networks on concrete numbers: widths, radii,\n"
    "kernels, convergence. Every number it prints is an interval that certainly contains\n"
    "the true value, and \"holds\" or \"fails\" is a proof; anything else is \"undecided\".\n";

constexpr const char* kFooter =
    "\nExit status:\n"
    "  0   nothing failed and nothing is undecided\n"
    "  1   a claim certainly fails\n"
    "  2   bad usage or input; one line on standard error says what was expected\n"
    "  3   something is undecided, or nothing was decided at all\n"
    "  70  internal error;  130  interrupted\n"
    "\nExamples:\n"
    "  assay verify                     all theorems on the standard suite, into reports/latest\n"
    "  assay check all --n 4 --d-in 4 --d 2 --m 256 --sigma 1\n"
    "\n`assay COMMAND --help` shows the options of a command.";

void add_commands(Program& program, Chosen& chosen) {
  add_verify(program, chosen);
  add_check(program, chosen);
  add_certify(program, chosen);
  add_evaluate(program, chosen);
  add_bounds(program, chosen);
  add_list(program, chosen);
  add_explain(program, chosen);
}

/// Nothing can be proved on a machine whose arithmetic is another one; that is no mistake of ours.
void require_environment() {
  try {
    require_sound_environment();
  } catch (const std::runtime_error& error) {
    throw InputError(fmt::format("nothing can be proved here: {}", error.what()));
  }
}

ExitStatus parse_and_run(const std::vector<std::string>& words) {
  Program program("assay", library_versions().front().second, kDescription, kFooter);
  Chosen chosen;
  add_commands(program, chosen);
  if (const auto text = program.parse(words)) {
    print(*text);
    return succeeded;
  }
  require_environment();
  return chosen();
}

ExitStatus say(ExitStatus status, const std::string& line) {
  print_error(fmt::format("assay: {}\n", printable(line)));
  return status;
}

constexpr const char* kOutOfMemory = "out of memory: expected a smaller instance or fewer bits";

ExitStatus run(const std::vector<std::string>& words) {
  try {
    return parse_and_run(words);
  } catch (const InputError& error) {
    return say(bad_usage, on_command_line(error.line()));
  } catch (const Stopped& stopped) {
    if (computations_are_interrupted()) return interrupted;
    return say(undecided, fmt::format("nothing was decided: {}", stopped.what()));
  } catch (const std::length_error&) {
    return say(bad_usage, kOutOfMemory);
  } catch (const std::invalid_argument& error) {
    return say(bad_usage, error.what());
  } catch (const UnsoundEnvironment& error) {
    return say(bad_usage, fmt::format("nothing can be proved here: {}", error.what()));
  } catch (const std::filesystem::filesystem_error& error) {
    return say(bad_usage, error.what());
  } catch (const std::system_error& error) {
    return say(bad_usage, fmt::format("the system refused a thread or a file ({}): expected fewer --threads, or more "
                                      "room",
                                      error.code().message()));
  } catch (const std::bad_alloc&) {
    return say(bad_usage, kOutOfMemory);
  } catch (const std::exception& error) {
    return say(internal_error, fmt::format("internal error: {}", error.what()));
  }
}

[[noreturn]] void end_without_memory() {
  print_error("assay: ");
  print_error(kOutOfMemory);
  print_error("\n");
  _exit(bad_usage);  // without destructors: other threads are at work
}

}  // namespace
}  // namespace assay::app

int main(int argc, char** argv) {
  assay::app::open_standard_streams();
  assay::on_exhausted_memory(assay::app::end_without_memory);
  return assay::app::run({argv + 1, argv + argc});
}
