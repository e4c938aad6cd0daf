#include "data/digest.hpp"

#include <fmt/format.h>
#include <link.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace assay {

namespace {

EVP_MD_CTX* of(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

void require(int success) {
  if (success != 1) throw std::runtime_error("Digest: OpenSSL has no SHA-256");
}

constexpr std::size_t rounded_up_to_4(std::size_t bytes) {
  return (bytes + 3) / 4 * 4;
}

/// Adds the build ID among the notes of one segment (ELF: three words, then name and description, each padded).
void add_build_id(std::string_view notes, Digest& digest) {
  std::array<std::uint32_t, 3> head{};  // sizes of name and description, type
  while (notes.size() > sizeof head) {
    std::copy_n(notes.data(), sizeof head, reinterpret_cast<char*>(head.data()));
    notes.remove_prefix(sizeof head);
    const std::size_t name = rounded_up_to_4(head[0]), all = name + rounded_up_to_4(head[1]);
    if (all > notes.size()) return;
    if (head[2] == NT_GNU_BUILD_ID && notes.starts_with(std::string_view("GNU\0", 4)))
      digest.add(notes.substr(name, head[1]));
    notes.remove_prefix(all);
  }
}

int add_loaded_object(dl_phdr_info* object, std::size_t, void* digest) {
  if (std::string_view(object->dlpi_name).find("vdso") != std::string_view::npos) return 0;  // a part of the kernel
  for (std::size_t k = 0; k < object->dlpi_phnum; ++k) {
    const ElfW(Phdr)& header = object->dlpi_phdr[k];
    if (header.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const char*>(object->dlpi_addr + header.p_vaddr);
    add_build_id({notes, header.p_memsz}, *static_cast<Digest*>(digest));
  }
  return 0;
}

}  // namespace

void Digest::Free::operator()(void* context) const {
  EVP_MD_CTX_free(of(context));
}

Digest::Digest() : context_(EVP_MD_CTX_new()) {
  require(context_ ? EVP_DigestInit_ex(of(context_.get()), EVP_sha256(), nullptr) : 0);
}

Digest& Digest::add(const void* data, std::size_t size) {
  require(EVP_DigestUpdate(of(context_.get()), data, size));
  return *this;
}

Digest& Digest::add(std::string_view text) {
  const std::uint64_t size = text.size();
  return add(&size, sizeof size).add(text.data(), text.size());
}

std::string Digest::text() const {
  Digest copy;
  require(EVP_MD_CTX_copy_ex(of(copy.context_.get()), of(context_.get())));
  std::array<unsigned char, 32> bytes{};
  require(EVP_DigestFinal_ex(of(copy.context_.get()), bytes.data(), nullptr));
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

std::string sha256(std::string_view bytes) {
  return Digest().add(bytes.data(), bytes.size()).text();
}

const std::string& build_identity() {
  static const std::string identity = [] {
    Digest digest;
    dl_iterate_phdr(add_loaded_object, &digest);
    return digest.text();
  }();
  return identity;
}

}  // namespace assay
