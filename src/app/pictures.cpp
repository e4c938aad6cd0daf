#include "app/pictures.hpp"

#include <fmt/format.h>

#include "data/file.hpp"
#include "report/chart.hpp"

namespace assay::app {

std::vector<Picture> chart_pictures(const Finding& finding, const std::string& stem) {
  std::vector<Picture> pictures;
  for (const Chart& chart : finding.charts)
    pictures.push_back({fmt::format("{}-{}", stem, chart.name), chart.title, chart_svg(chart), chart_csv(chart)});
  return pictures;
}

void write_pictures(const std::string& folder, const std::vector<Picture>& pictures) {
  for (const Picture& picture : pictures) {
    write_file(folder + "/" + picture.stem + ".svg", picture.svg);
    if (!picture.csv.empty()) write_file(folder + "/" + picture.stem + ".csv", picture.csv);
  }
}

}  // namespace assay::app
