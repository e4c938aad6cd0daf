#include "data/matrix_file.hpp"

#include "data/csv.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"
#include "data/npy.hpp"

namespace assay {

RealMatrix read_matrix(const std::string& path, bool header) {
  if (path.ends_with(".csv")) return read_csv(path, header);
  if (path.ends_with(".npy")) return read_npy(path);
  throw InputError(printable(path) + ": expected a name that ends in .csv or .npy");
}

}  // namespace assay
