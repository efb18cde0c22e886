#include "drover/actors/node/credentials.hpp"

#include "drover/actors/node/make_credentials.hpp"

#include <doctest/doctest.h>

#include "tests/models/temporary_folder.hpp"
#include "tests/node/credential_texts.hpp"
#include <csignal>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace drover;
using namespace drover::test;

namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

unsigned mode_of(const std::filesystem::path& file) {
  return static_cast<unsigned>(std::filesystem::status(file).permissions());
}

std::string load_refusal(const std::filesystem::path& folder) {
  return refusal([&folder] { (void)credentials::load(folder); });
}

std::string make_refusal(const std::filesystem::path& folder) {
  return refusal([&folder] { make_credentials(folder); });
}

std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    result.insert(entry.path().filename());
  return result;
}

/// A folder of credentials with these texts.
class written_credentials {
public:
  explicit written_credentials(const credential_texts& texts) {
    folder_.write("ca.pem", texts.authority);
    folder_.write("node.pem", texts.certificate);
    write_secret("node.key", texts.key);
    write_secret("token", texts.token);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  /// What loading says, the folder's name left out.
  [[nodiscard]] std::string says() const {
    auto result = load_refusal(path());
    auto name = path().string() + "/";
    for (auto at = result.find(name); at != std::string::npos; at = result.find(name))
      result.erase(at, name.size());
    return result;
  }

private:
  void write_secret(const std::string& name, const std::string& text) const {
    ::chmod(folder_.write(name, text).c_str(), 0600);
  }

  temporary_folder folder_;
};

std::string says_of(const certificate_settings& settings) {
  return written_credentials{make_texts(settings)}.says();
}

} // namespace

TEST_CASE("credentials that were made load") {
  temporary_folder outer;
  auto folder = outer.path() / "cluster";
  make_credentials(folder);
  auto loaded = credentials::load(folder);
  CHECK(loaded.authority == folder / "ca.pem");
  CHECK(loaded.certificate == folder / "node.pem");
  CHECK(loaded.key == folder / "node.key");
  CHECK(read(folder / "token") == loaded.token + "\n");
  CHECK(loaded.token.size() == 64);
  CHECK(loaded.token.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("what is secret is for the owner alone, and the authority's key is nowhere") {
  temporary_folder outer;
  auto folder = outer.path() / "cluster";
  auto before = ::umask(0);
  make_credentials(folder);
  ::umask(before);
  CHECK(mode_of(folder) == 0700);
  CHECK(mode_of(folder / "node.key") == 0600);
  CHECK(mode_of(folder / "token") == 0600);
  CHECK(mode_of(folder / "ca.pem") == 0644);
  CHECK(names_in(folder) == std::set<std::string>{"ca.pem", "node.key", "node.pem", "token"});
  CHECK(names_in(outer.path()) == std::set<std::string>{"cluster"});
}

TEST_CASE("a copy of the folder loads, and a name may end with a slash") {
  temporary_folder outer;
  make_credentials((outer.path() / "cluster").string() + "/");
  std::filesystem::copy(outer.path() / "cluster", outer.path() / "copy");
  for (const auto* name : {"cluster", "copy"})
    CHECK(load_refusal(outer.path() / name) == "accepted");
}

TEST_CASE("two clusters share nothing, and do not trust each other's certificates") {
  temporary_folder outer;
  auto a = outer.path() / "a";
  auto b = outer.path() / "b";
  make_credentials(a);
  make_credentials(b);
  CHECK(!same_token(credentials::load(a).token, credentials::load(b).token));
  CHECK(read(a / "ca.pem") != read(b / "ca.pem"));
  std::filesystem::copy_file(b / "ca.pem", a / "ca.pem", std::filesystem::copy_options::overwrite_existing);
  CHECK(load_refusal(a) == (a / "node.pem").string() + ": it is not signed by the authority in " +
                               (a / "ca.pem").string() + ": all files have to be of one and the same cluster");
}

TEST_CASE("what is there already is left as it is") {
  temporary_folder outer;
  auto folder = outer.path() / "cluster";
  make_credentials(folder);
  auto token = read(folder / "token");
  auto sentence = "cannot make credentials in " + folder.string() +
                  ": something is there already, and is left as it is: name a folder that is not there yet";
  CHECK(make_refusal(folder) == sentence);
  CHECK(read(folder / "token") == token);
  CHECK(load_refusal(folder) == "accepted");
  CHECK(names_in(outer.path()) == std::set<std::string>{"cluster"});

  std::filesystem::create_directory(outer.path() / "empty");
  CHECK(make_refusal(outer.path() / "empty").find("something is there already") != std::string::npos);
  CHECK(names_in(outer.path() / "empty").empty());
  outer.write("file", "mine");
  CHECK(make_refusal(outer.path() / "file").find("something is there already") != std::string::npos);
  CHECK(read(outer.path() / "file") == "mine");
  CHECK(make_refusal(outer.path() / "no" / "where") ==
        "cannot make credentials in " + (outer.path() / "no" / "where").string() + ": No such file or directory");
}

TEST_CASE("a disk that is full leaves nothing behind") {
  temporary_folder outer;
  // The kernel refuses to let a file grow beyond a limit just as it does on a full disk.
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  auto* former = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small{16, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  auto said = make_refusal(outer.path() / "cluster");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, former);
  CHECK(said == "cannot make credentials in " + (outer.path() / "cluster").string() + ": File too large");
  CHECK(names_in(outer.path()).empty());
}

TEST_CASE("certificates that TLS would not accept are refused with the reason") {
  CHECK(says_of({}) == "accepted");
  CHECK(says_of({.until_days = -1}).starts_with("node.pem: it was valid until 20"));
  CHECK(says_of({.from_days = 2}).ends_with(" on: is this machine's clock right?"));
  CHECK(says_of({.authority_until_days = -1}).starts_with("ca.pem: it was valid until 20"));
  CHECK(says_of({.authority_from_days = 2}).starts_with("ca.pem: it is valid from 20"));
  CHECK(says_of({.authority_constraints = "critical,CA:FALSE"}) ==
        "ca.pem: it is not an authority: its basic constraints must have CA:TRUE");
  for (const auto* usage : {"serverAuth", "clientAuth"})
    CHECK(says_of({.usage = usage}) ==
          "node.pem: it is not for both ends of a connection: its extended key usage must have serverAuth and "
          "clientAuth, or be absent");
}

TEST_CASE("every damaged file is refused by name") {
  const auto good = make_texts({});
  const auto other = make_texts({});
  struct damage {
    std::string credential_texts::*file;
    std::string text;
    std::string sentence;
  };
  const auto not_signed = "node.pem: it is not signed by the authority in ca.pem: all files have to be of one and the "
                          "same cluster";
  const auto no_token = "token: it is not a token: allowed are exactly 64 digits of 0-9a-f";
  const damage damages[]{
      {&credential_texts::authority, "", "ca.pem: it is not a certificate in PEM format: no start line"},
      {&credential_texts::authority, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
       "ca.pem: it is not a certificate in PEM format: "},
      {&credential_texts::authority, good.authority + other.authority,
       "ca.pem: it has more than one certificate: exactly one is allowed"},
      {&credential_texts::authority, other.authority, not_signed},
      {&credential_texts::certificate, good.certificate.substr(0, 100), "node.pem: it is not a certificate"},
      {&credential_texts::certificate, other.certificate, not_signed},
      {&credential_texts::certificate, good.key, "node.pem: it is not a certificate in PEM format: no start line"},
      {&credential_texts::key, good.certificate, "node.key: it is not a private key in PEM format: "},
      {&credential_texts::key, other.key, "node.key: it is not the key of the certificate in node.pem"},
      {&credential_texts::key, std::string(100'000, 'x'),
       "node.key: it has more than 65536 bytes, which a credential never needs"},
      {&credential_texts::token, "", no_token},
      {&credential_texts::token, std::string(63, 'a') + '\n', no_token},
      {&credential_texts::token, std::string(65, 'a') + '\n', no_token},
      {&credential_texts::token, std::string(64, 'A') + '\n', no_token},
      {&credential_texts::token, std::string(64, 'a') + "\n\n", no_token},
      {&credential_texts::token, std::string(63, 'a') + '\0', no_token},
  };
  for (const auto& [file, text, sentence] : damages) {
    auto texts = good;
    texts.*file = text;
    auto said = written_credentials{texts}.says();
    CAPTURE(said);
    CHECK(said.starts_with(sentence));
  }
}

TEST_CASE("a key with a passphrase is refused, and nobody is asked for it") {
  auto key = make_key();
  openssl::bio out{BIO_new(BIO_s_mem())};
  const std::string phrase = "secret";
  PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), phrase.data(), static_cast<int>(phrase.size()),
                                nullptr, nullptr);
  char* bytes = nullptr;
  auto size = BIO_get_mem_data(out.get(), &bytes);
  auto texts = make_texts({});
  texts.key.assign(bytes, static_cast<std::size_t>(size));
  CHECK(written_credentials{texts}.says() ==
        "node.key: it has a passphrase, which nobody is there to type: store it without one");
}

TEST_CASE("files that are missing, or are something else, are refused") {
  for (const std::string name : {"ca.pem", "node.pem", "node.key", "token"}) {
    written_credentials some{make_texts({})};
    std::filesystem::remove(some.path() / name);
    CHECK(some.says() == name + ": it cannot be read: No such file or directory");
    std::filesystem::create_directory(some.path() / name);
    CHECK(some.says() == name + ": it cannot be read: it is not a regular file");
    std::filesystem::remove(some.path() / name);
    ::mkfifo((some.path() / name).c_str(), 0600);
    CHECK(some.says() == name + ": it cannot be read: it is not a regular file");
  }
  CHECK(load_refusal("/no/such/folder") == "/no/such/folder: there are no credentials: No such file or directory; "
                                           "drover node --make-credentials makes some");
  temporary_folder outer;
  auto file = outer.write("file", "");
  CHECK(load_refusal(file) == file.string() + ": credentials are a folder, and this is none");
}

TEST_CASE("secrets that others may use and certificates that others may change are refused, as ssh does") {
  written_credentials some{make_texts({})};
  for (const std::string name : {"node.key", "token"}) {
    for (unsigned mode : {0604U, 0602U, 0620U, 0644U, 0666U}) {
      ::chmod((some.path() / name).c_str(), mode);
      CHECK(some.says() == name + ": others on this machine may use it, and it is a secret: chmod 600 it");
    }
    // A secret of root's may be its group's: so it is handed to a service.
    ::chmod((some.path() / name).c_str(), 0640);
    CHECK((some.says() == "accepted") == (::geteuid() == 0));
    ::chmod((some.path() / name).c_str(), 0400);
    CHECK(some.says() == "accepted");
  }
  for (const std::string name : {"ca.pem", "node.pem"}) {
    ::chmod((some.path() / name).c_str(), 0666);
    CHECK(some.says() == name + ": everybody on this machine may change it: chmod o-w it");
    ::chmod((some.path() / name).c_str(), 0664);
    CHECK(some.says() == "accepted");
  }
}

TEST_CASE("tokens are the same or not") {
  CHECK(same_token("", ""));
  CHECK(same_token("abc", "abc"));
  CHECK(!same_token("abc", "abd"));
  CHECK(!same_token("abc", "ab"));
  CHECK(!same_token("", "a"));
}
