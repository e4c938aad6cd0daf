#include "run_program.hpp"

namespace assay {
namespace {

/// A .npy file, format 1, of the given header and data.
std::string npy(std::string header, std::size_t data_bytes) {
  header.resize(118, ' ');
  header.back() = '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  return bytes + header + std::string(data_bytes, '\0');
}

/// Files to make mistakes with: a good instance of n = 2, d_in = 2, d = 1, m = 2, and bad variants.
void write_files(const Scratch& scratch) {
  scratch.file("x.csv", "0.5,0.25\n-0.5,0.125\n");
  scratch.file("y.csv", "1\n-0.5\n");
  scratch.file("w.csv", "0.5,1\n0.5,1\n");
  scratch.file("a.csv", "1\n-1\n");
  scratch.file("a_zero.csv", "1\n0\n");
  scratch.file("ragged.csv", "0.5,0.25\n-0.5\n");
  scratch.file("words.csv", "0.5,abc\n-0.5,1\n");
  scratch.file("nan.csv", "0.5,nan\n-0.5,1\n");
  scratch.file("three.csv", "0.5,1\n0.5,1\n0.5,1\n");
  scratch.file("integers.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 2), }", 32));
  scratch.file("big_endian.npy", npy("{'descr': '>f8', 'fortran_order': False, 'shape': (2, 2), }", 32));
  scratch.file("not_a_folder", "");
}

#define A_NUMBER "expected a decimal number such as 0.1 or 3e-4, a fraction such as 1/3 or a power such as 2^20, found "

struct BadInput {
  const char* arguments;
  const char* message;  ///< how the line begins, after "assay: "
};

/// Exit status 2, one line, nothing on standard output, no new file.
void check_bad_input(const Scratch& scratch, const BadInput& bad) {
  CAPTURE(bad.arguments);
  const std::size_t files = scratch.files();
  const Run run = run_program(scratch, words(bad.arguments));
  CHECK(run.status == 2);
  CHECK(run.out == "");
  CAPTURE(run.err);
  CHECK_MESSAGE(run.err.starts_with(fmt::format("assay: {}", bad.message)), bad.message);
  CHECK(run.err.find('\n') == run.err.size() - 1);
  CHECK(scratch.files() == files);
}

TEST_CASE("bad files are named with row and column") {
  const Scratch scratch;
  write_files(scratch);
  for (const BadInput& bad : std::vector<BadInput>{
           {"evaluate --x none.csv --y y.csv --m 4", "none.csv: cannot be opened (No such file or directory)"},
           {"evaluate --x ragged.csv --y y.csv --m 4", "ragged.csv: row 2"},
           {"evaluate --x words.csv --y y.csv --m 4",
            "words.csv: row 1, column 2: expected a finite decimal number, found 'abc'"},
           {"evaluate --x nan.csv --y y.csv --m 4",
            "nan.csv: row 1, column 2: expected a finite decimal number, found 'nan'"},
           {"evaluate --x x.csv --y y.csv --w w.csv --a a_zero.csv",
            "a_zero.csv: row 2, column 1: expected 1 or -1, found 0"},
           {"evaluate --x x.csv --y y.csv --w three.csv --a a.csv",
            "three.csv (3 x 2) and a.csv (2 x 1): expected the same number of rows"},
           {"evaluate --x x.csv --y y.csv --w w.csv --a a.csv --w-tilde three.csv",
            "three.csv (3 x 2): expected the shape of W, 2 x 2"},
           {"evaluate --x x.csv --y y.csv --m 4 --header",
            "x.csv: line 1: expected names, as --header says, found numbers"},
           {"evaluate --x no\nline.csv --y y.csv --m 4",
            "no\\x0aline.csv: expected a file name without control characters"},
           {"check all --x x.csv --y y.csv --w w.csv --a a.csv",
            "the theorems need the scale of the initialization, which files of W and A do not tell: give --sigma"},
       })
    check_bad_input(scratch, bad);
}

TEST_CASE("NPY files of another type say how to save them") {
  const Scratch scratch;
  write_files(scratch);
  for (const char* file : {"integers.npy", "big_endian.npy"}) {
    const Run run = run_program(scratch, words(fmt::format("evaluate --x {} --y y.csv --m 4", file)));
    CHECK(run.status == 2);
    CHECK(run.err.starts_with(fmt::format("assay: {}: ", file)));
    CHECK(run.err.find("expected") != std::string::npos);
    CHECK(run.err.find('\n') == run.err.size() - 1);
  }
}

TEST_CASE("bad options are named with what was expected") {
  const Scratch scratch;
  write_files(scratch);
  const char* probability = "--delta: expected a probability in (0, 1), found ";
  for (const std::string delta : {"0", "1", "-1", "2"})
    check_bad_input(scratch,
                    {("check all --n 4 --d 2 --m 64 --delta " + delta).c_str(), (probability + delta).c_str()});
  for (const BadInput& bad : std::vector<BadInput>{
           {"check all --n 4 --d 2 --m 64 --delta abc", "--delta: " A_NUMBER "'abc'"},
           {"check all --n 4 --d 2 --m 64 --radius -1", "--radius: expected R >= 0, found -1"},
           {"check all --n 4 --d 2 --m 64 --epsilon 0", "--epsilon: expected a positive number, found 0"},
           {"check all --n 4 --d 2 --m 64 --eta 0", "--eta: expected a positive number, found 0"},
           {"check all --n 4 --d 2 --m 64 --eta -1e-3", "--eta: expected a positive number, found -1e-3"},
           {"check all --n 4 --d 2 --m 64 --steps 0", "--steps: expected an integer from 1 to 1000000000, found '0'"},
           {"check all --n 4 --d 2 --m 64 --trials x", "--trials: expected an integer from 1 to 1000000000, found 'x'"},
           {"check all --n 4 --d 2 --m 64 --samples 2.5",
            "--samples: expected an integer from 1 to 1000000000, found '2.5'"},
           {"evaluate --n 4 --d 2 --m 5", "paired initialization needs an even width; --m 5 is odd"},
           {"evaluate --n 4 --d 2", "the width is missing: give --m (even), or --w and --a"},
           {"evaluate --m 4", "the data are missing: give --n and --d (drawn), --x and --y, or --data iris"},
           {"evaluate --n four --d 2 --m 4", "--n: expected an integer, found 'four'"},
           {"evaluate --n 4 --d 2 --m", "--m: expected a value"},
           {"evaluate --n 4 --n 4 --d 2 --m 4", "--n: given more than once"},
           {"evaluate --n 4 --d 2 --m 4 --sigma x", "--sigma: " A_NUMBER "'x'"},
           {"evaluate --n 4 --d 2 --m 4 --sigma +-1", "--sigma: " A_NUMBER "'+-1'"},
           {"evaluate --n 4 --d 2 --m 4 --sigma nan", "--sigma: " A_NUMBER "'nan'"},
           {"evaluate --n 4 --d 2 --m 4 --sigma 0x1p3", "--sigma: " A_NUMBER "'0x1p3'"},
           {"evaluate --n 4 --d 2 --m 4 --sigma 1e400",
            "--sigma: expected a magnitude from 5e-324 to 1.7e308, the range of double, found '1e400'"},
           {"evaluate --n 4 --d 2 --m 4 --sigma 1e-400",
            "--sigma: expected a magnitude from 5e-324 to 1.7e308, the range of double, found '1e-400'"},
           {"check convergence_certificate --n 2 --d 2 --m 4 --eta 1e400",
            "--eta: expected a magnitude from 5e-324 to 1.7e308, the range of double, found '1e400'"},
           {"check convergence_certificate --n 2 --d 2 --m 4 --eta 1e-400",
            "--eta: expected a magnitude from 5e-324 to 1.7e308, the range of double, found '1e-400'"},
           {"certify --n 2 --d 2 --eta 2^1024",
            "--eta: expected a magnitude from 5e-324 to 1.7e308, the range of double, found '2^1024'"},
           {"check all --n 2 --d 2 --m 4 --delta 1e-1000000000",
            "--delta: expected 0 or a magnitude from 1e-323228495 to 1e323228495, found "
            "'1e-1000000000'"},
           {"check all --n 2 --d 2 --m 4 --set e0.C=1e1000000000",
            "--set: e0.C: expected 0 or a magnitude from 1e-323228495 to 1e323228495, found "
            "'1e1000000000'"},
           {"check all --n 2 --d 2 --m 4 --set e0.C=+-1", "--set: e0.C: " A_NUMBER "'+-1'"},
           {"evaluate --n +-4 --d 2 --m 4", "--n: expected an integer, found '+-4'"},
           {"evaluate --n 1e-1 --d 2 --m 4", "--n: expected an integer, found '1e-1'"},
           {"evaluate --n 4 --d 2 --m 1e18", "--m 1000000000000000000: expected at most 2^40 = 1099511627776 neurons"},
           {"evaluate --n 2^40 --d 1000 --m 4",
            "--n, --d-in: a matrix of 1099511627776 x 1000 needs 8192000.0 GiB, more than the memory of this machine"},
           {"evaluate --n 2 --d 65 --m 4 --tier fast",
            "65 outputs (--d, and --d-in in score_estimation): the fast tier and gradient descent take at most 64; "
            "--tier deep takes more"},
           {"evaluate --n 4 --d 2 --m 4 --seed -1",
            "--seed: expected an integer from 0 to 18446744073709551615, found '-1'"},
           {"evaluate --n 4 --d 2 --m 4 --rtol 0", "--rtol: expected a relative width in (0, 1), found '0'"},
           {"evaluate --n 4 --d 2 --m 4 --bits 31", "--bits: expected an integer from 32 to 65536, found '31'"},
           {"evaluate --n 4 --d 2 --m 4 --threads 0", "--threads: expected an integer from 1 to 1024, found '0'"},
           {"evaluate --n 4 --d 2 --m 4 --tier slow", "--tier: expected fast, deep or auto, found 'slow'"},
           {"evaluate --data iris --rows 1,x --m 4", "--rows: expected row numbers such as 1,51,101, found '1,x'"},
           {"evaluate --n 4 --d 2 --m 4 --sgma 1", "unknown option --sgma for evaluate; the nearest is --sigma"},
           {"evaluate --n 4 --d 2 --m 4 more", "evaluate: unexpected argument 'more'"},
           {"check", "check: expected IDs of theorems, or all (`assay list` shows them)"},
           {"check basic_evnt --n 4 --d 2 --m 4",
            "unknown theorem 'basic_evnt'; the nearest is 'basic_event' (`assay list` shows all)"},
           {"explain", "explain: expected the ID of a theorem (`assay list` shows them)"},
           {"explain ntk", "unknown theorem 'ntk'; the nearest is '"},
           {"check all --n 4 --d 2 --m 4 --set e0.D=1",
            "--set: unknown constant 'e0.D'; the nearest is 'e0.C' (`assay list --constants` shows all)"},
           {"check score_estimation --n 3 --d 2 --m 4 --set e6.t0=3",
            "the constants e6.t0 and e6.T: expected 0 < e6.t0 < e6.T, found 3 and 2"},
           {"check all --n 4 --d 2 --m 4 --set e0.C", "--set: expected KEY=VALUE such as e1.exponent=8, found 'e0.C'"},
           {"chekc all", "unknown command 'chekc'; the nearest is check (--help shows all)"},
           {"", "expected a command: verify, check, certify, evaluate, bounds, list, explain (--help tells more)"},
       })
    check_bad_input(scratch, bad);
}

TEST_CASE("outputs that cannot be written are found before the work") {
  const Scratch scratch;
  write_files(scratch);
  for (const BadInput& bad : std::vector<BadInput>{
           {"verify --out not_a_folder", "--out: not_a_folder: cannot be made a folder (Not a directory)"},
           {"verify --out not_a_folder/x", "--out: not_a_folder/x: cannot be made a folder (Not a directory)"},
           {"evaluate --n 4 --d 2 --m 4 --json none/x.json", "--json: none/x.json: there is no folder 'none'"},
           {"check all --n 4 --d 2 --m 4 --markdown .", "--markdown: .: expected a file, found a folder"},
           {"evaluate --n 4 --d 2 --m 4 --json x\x1b[2J.json",
            "--json: x\\x1b[2J.json: expected a name without control characters"},
           {"verify --out a\nb", "--out: a\\x0ab: expected a name without control characters"},
           {"check all --n 4 --d 2 --m 4 --json - --markdown -",
            "--json and --markdown: expected at most one of them to be -"},
       })
    check_bad_input(scratch, bad);
}

TEST_CASE("closed forms reject what they are not defined for") {
  const Scratch scratch;
  for (const BadInput& bad : std::vector<BadInput>{
           {"bounds --n 0", "--n: expected a positive integer such as 12, 1e6 or 2^20, found 0"},
           {"bounds --d 2.5", "--d: expected a positive integer such as 12, 1e6 or 2^20, found 2.5"},
           {"bounds --d-in -3", "--d-in: expected a positive integer such as 12, 1e6 or 2^20, found -3"},
           {"bounds --lambda 0", "--lambda: expected a positive number, found 0"},
           {"bounds --sigma -1", "--sigma: expected a positive number, found -1"},
           {"bounds --delta 1", "--delta: expected a probability in (0, 1), found 1"},
           {"bounds --radius -1", "--radius: expected R >= 0, found -1"},
           {"bounds --rkhs-radius 4", "--rkhs-radius: expected R_H above Lambda^2 = c_Lambda^2 d = 4, found 4"},
           {"bounds --C ten", "--C: " A_NUMBER "'ten'"},
           {"bounds --lambda 1e-99999999999999999",
            "--lambda: expected 0 or a magnitude from 1e-10845748610397171 to 1e10845748610397171, found "
            "'1e-99999999999999999'"},
           {"bounds --C 1e1000000000",
            "--C: expected 0 or a magnitude from 1e-323228495 to 1e323228495, found '1e1000000000'"},
       })
    check_bad_input(scratch, bad);
}

TEST_CASE("a bad suite is refused with line and key") {
  struct BadSuite {
    const char* text;
    const char* message;
  };
  for (
      const BadSuite& bad : std::vector<BadSuite>{
          {"delta = \"0.1\"\n[[instance]]\nn = 4\nsgima = 2\n",
           "suite.toml: line 4: unknown key 'sgima'; the nearest is 'sigma'"},
          {"dleta = 1\n", "suite.toml: line 1: unknown key 'dleta'; the nearest is 'delta'"},
          {"delta = 0.1\n", "suite.toml: expected at least one [[instance]]"},
          {"[[instance]]\nn = 4\nd = 2\nm = 5\n",
           "suite.toml: line 4: paired initialization needs an even width; m 5 is odd"},
          {"[[instance]]\nn = 4\nd_in = 0\nd = 2\nm = 64\n", "suite.toml: line 3: d_in 0: expected at least 1"},
          {"[[instance]]\nn = 4\nm = 64\n",
           "suite.toml: line 2: the dimension is missing: give d, d_in or both with n"},
          {"[[instance]]\n# nothing\n",
           "suite.toml: line 1: [[instance]]: the data are missing: give n and d (drawn), "
           "x and y, or data iris"},
          {"delta = 2\n[[instance]]\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 1: delta: expected a probability in (0, 1), found 2"},
          {"theorems = []\n[[instance]]\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 1: theorems: expected an array of at least one value"},
          {"[[instance]]\ndata = \"iris\"\nrows = []\nm = 64\n",
           "suite.toml: line 3: rows: expected an array of at least one value"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\ntheorems = [\"width\", \"basic_event\", \"width\"]\n",
           "suite.toml: line 5: theorems: expected every theorem once, found 'width' again"},
          {"[[instance]]\nx = \"x.csv\\u0000.csv\"\ny = \"y.csv\"\nm = 64\n",
           "suite.toml: line 2: x: expected a file name without control characters, found 'x.csv\\x00.csv'"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\neta = \"1e400\"\n",
           "suite.toml: line 5: eta: expected a magnitude from 5e-324 to 1.7e308, the range of double, found '1e400'"},
          {"[constants]\ne0.C = \"1e1000000000\"\n[[instance]]\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 2: [constants]: e0.C: expected 0 or a magnitude from 1e-323228495 to 1e323228495"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\nradius = \"x\"\n", "suite.toml: line 5: radius: " A_NUMBER "'x'"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\ndelta = 2\n",
           "suite.toml: line 5: delta: expected a probability in (0, 1), found 2"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\nsteps = 0\n",
           "suite.toml: line 5: steps: expected an integer from 1 to 1000000000, found '0'"},
          {"trials = \"x\"\n[[instance]]\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 1: trials: expected an integer from 1 to 1000000000, found 'x'"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\nsamples = 2.5\n",
           "suite.toml: line 5: samples: expected an integer from 1 to 1000000000, found '2.5'"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\neta = 0\n",
           "suite.toml: line 5: eta: expected a positive number, found 0"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\ntheorems = [\"basic_evnt\"]\n",
           "suite.toml: line 5: theorems: unknown theorem 'basic_evnt'; the nearest is 'basic_event' (`assay list` "
           "shows all)"},
          {"delta = 0.1\n[constants]\ne6.t0 = 3\n[[instance]]\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 2: [constants]: the constants e6.t0 and e6.T: expected 0 < e6.t0 < e6.T, found 3 and 2"},
          {"[constants]\ne0.D = 3\n[[instance]]\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 2: [constants]: unknown constant 'e0.D'; the nearest is 'e0.C' (`assay list --constants` "
           "shows all)"},
          {"[[instance]]\nn = 4\nd = 2\nm = 64\n[[instance]]\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 5: an instance before this one is called 'drawn-n4-din2-d2-m64-s1-seed1' too: give one of "
           "them another name"},
          {"[[instance]]\nn = 4.5\nd = 2\nm = 64\n", "suite.toml: line 2: n: expected an integer, found '4.5'"},
          {"[[instance]]\nname = \"../x\"\nn = 4\nd = 2\nm = 64\n",
           "suite.toml: line 2: name: expected at most 80 letters, digits, dots, dashes and underscores, with a letter "
           "or digit first"},
      }) {
    const Scratch scratch;
    scratch.file("suite.toml", bad.text);
    check_bad_input(scratch, {"verify --suite suite.toml", bad.message});
  }
}

TEST_CASE("a suite that is no TOML is refused with line and column") {
  const Scratch scratch;
  scratch.file("suite.toml", "delta = 0.1\nradius =\n");
  const Run run = run_program(scratch, {"verify", "--suite", "suite.toml"});
  CHECK(run.status == 2);
  CHECK(run.err.starts_with("assay: suite.toml: line 2, column "));
  CHECK(run.err.find('\n') == run.err.size() - 1);
}

}  // namespace
}  // namespace assay
