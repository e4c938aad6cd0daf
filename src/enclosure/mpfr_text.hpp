#pragma once

#include <mpfr.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>

namespace assay {

/// What mpfr_asprintf prints for one conversion, with a decimal point in every locale: MPFR takes the character that
/// setlocale asks for, but reads a point in all of them.
template <class... Arguments>
std::string mpfr_text(const char* format, Arguments... arguments) {
  char* printed = nullptr;
  if (mpfr_asprintf(&printed, format, arguments...) < 0) throw std::bad_alloc();
  const std::unique_ptr<char, void (*)(char*)> owner(printed, mpfr_free_str);
  std::string text = printed;
  const auto is_of_locale = [](char c) {
    const bool digit_or_letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    return !digit_or_letter && c != '+' && c != '-';
  };
  std::replace_if(text.begin(), text.end(), is_of_locale, '.');
  return text;
}

}  // namespace assay
