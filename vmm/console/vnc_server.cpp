// The library's own loop would poll: this one waits for its clients and for news in one poll().
#include "vmm/console/vnc_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "vmm/console/changed_parts.h"
#include "vmm/console/vnc_library.h"

namespace gdbvm {

namespace {

using Pixel = std::array<std::uint8_t, 4>;

// The library wants widths that are multiples of four: what is added is black.
constexpr unsigned whole_width(unsigned width) { return (width + 3) & ~3u; }

std::vector<Pixel> pixels_of(const vga::Picture& picture) {
  const unsigned width = whole_width(picture.width);
  std::vector<Pixel> pixels(std::size_t{width} * picture.height);
  for (unsigned row = 0; row < picture.height; ++row) {
    for (unsigned column = 0; column < picture.width; ++column) {
      const vga::Colour& c = picture.at(row, column);
      pixels[std::size_t{row} * width + column] = {c.red, c.green, c.blue, 0};
    }
  }
  return pixels;
}

class Clients final {
 public:
  Clients(const VncLibrary& rfb, rfbScreenInfoPtr screen) : rfb_(rfb), iterator_(rfb.rfbGetClientIterator(screen)) {}
  ~Clients() { rfb_.rfbReleaseClientIterator(iterator_); }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;
  rfbClientPtr next() { return rfb_.rfbClientIteratorNext(iterator_); }

 private:
  const VncLibrary& rfb_;
  rfbClientIteratorPtr iterator_;
};

constexpr int bits_per_colour = 8, colours = 3, bytes_per_pixel = sizeof(Pixel);
constexpr int patience_ms = 2000;  // with a client that takes nothing, or sends half a message

}  // namespace

class VncServer::Loop final {
 public:
  explicit Loop(Actions actions)
      : actions_(std::move(actions)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), pixels_(pixels_of(first_)) {
    if (!wake_) throw_errno("eventfd");
    rfb_.rfbLogEnable(0);
    screen_ = rfb_.rfbGetScreen(nullptr, nullptr, static_cast<int>(whole_width(first_.width)),
                                static_cast<int>(first_.height), bits_per_colour, colours, bytes_per_pixel);
    if (!screen_) throw std::bad_alloc();
    screen_->desktopName = "gdbvm";
    screen_->frameBuffer = reinterpret_cast<char*>(pixels_.data());
    screen_->cursor = nullptr;  // the guest draws its own
    screen_->screenData = this;
    screen_->alwaysShared = TRUE;
    screen_->deferUpdateTime = screen_->deferPtrUpdateTime = 0;
    screen_->maxClientWait = patience_ms;
    screen_->port = screen_->ipv6port = 0;  // sockets come from outside
    screen_->kbdAddEvent = [](rfbBool down, rfbKeySym keysym, rfbClientPtr client) {
      of(client).actions_.key(static_cast<std::uint32_t>(keysym), down != 0);
    };
    screen_->ptrAddEvent = [](int buttons, int x, int y, rfbClientPtr client) {
      of(client).actions_.pointer(
          {static_cast<unsigned>(x), static_cast<unsigned>(y), static_cast<std::uint8_t>(buttons)});
    };
    rfb_.rfbInitSockets(screen_);
    thread_ = std::thread([this] { run(); });
  }
  ~Loop() {
    tell([&] { ends_ = true; });
    thread_.join();
    rfb_.rfbShutdownServer(screen_, TRUE);
    rfb_.rfbScreenCleanup(screen_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void add_client(Fd socket) {
    tell([&] { sockets_.push_back(std::move(socket)); });
  }
  void show(vga::Picture picture) {
    tell([&] { news_ = std::move(picture); });
  }

 private:
  static Loop& of(rfbClientPtr client) { return *static_cast<Loop*>(client->screen->screenData); }

  template <class F>
  void tell(F change) {
    const std::lock_guard lock(mutex_);
    change();
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
  }

  void run() {
    while (take_news()) {
      rfb_.rfbProcessEvents(screen_, 0);
      tell_watched();
      wait();
    }
  }

  void wait() {
    std::vector<pollfd> fds{{wake_.get(), POLLIN, 0}};
    Clients clients(rfb_, screen_);
    while (rfbClientPtr client = clients.next()) fds.push_back({client->sock, POLLIN, 0});
    (void)::poll(fds.data(), fds.size(), -1);
  }

  // false: the end.
  bool take_news() {
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    std::vector<Fd> sockets;
    std::optional<vga::Picture> picture;
    {
      const std::lock_guard lock(mutex_);
      if (ends_) return false;
      sockets = std::exchange(sockets_, {});
      picture = std::exchange(news_, std::nullopt);
    }
    for (Fd& socket : sockets) take_client(std::move(socket));
    if (picture) take_picture(*picture);
    return true;
  }

  // The library closes it; it waits with select().
  void take_client(Fd socket) {
    if (socket.get() < FD_SETSIZE) rfb_.rfbNewClient(screen_, socket.release());
  }

  void take_picture(const vga::Picture& picture) {
    std::vector<Pixel> pixels = pixels_of(picture);
    const unsigned width = whole_width(picture.width);
    if (static_cast<int>(width) != screen_->width || static_cast<int>(picture.height) != screen_->height) {
      rfb_.rfbNewFramebuffer(screen_, reinterpret_cast<char*>(pixels.data()), static_cast<int>(width),
                             static_cast<int>(picture.height), bits_per_colour, colours, bytes_per_pixel);
      pixels_ = std::move(pixels);
      return;
    }
    std::vector<Rectangle> changed;
    changed_parts(std::span<const Pixel>(pixels_), std::span<const Pixel>(pixels), width,
                  [&](const Rectangle& part) { changed.push_back(part); });
    std::ranges::copy(pixels, pixels_.begin());
    for (const Rectangle& part : changed) {
      rfb_.rfbMarkRectAsModified(screen_, static_cast<int>(part.left), static_cast<int>(part.top),
                                 static_cast<int>(part.right), static_cast<int>(part.bottom));
    }
  }

  void tell_watched() {
    const bool watched = Clients(rfb_, screen_).next() != nullptr;
    if (std::exchange(watched_, watched) != watched) actions_.watched(watched);
  }

  const VncLibrary& rfb_ = vnc_library();
  const Actions actions_;
  const Fd wake_;
  const vga::Picture first_{720, 400};
  // The thread's:
  rfbScreenInfoPtr screen_ = nullptr;
  std::vector<Pixel> pixels_;
  bool watched_ = false;

  std::mutex mutex_;
  std::vector<Fd> sockets_;
  std::optional<vga::Picture> news_;
  bool ends_ = false;
  std::thread thread_;
};

VncServer::VncServer(Actions actions) : loop_(std::make_unique<Loop>(std::move(actions))) {}
VncServer::~VncServer() = default;
void VncServer::add_client(Fd socket) { loop_->add_client(std::move(socket)); }
void VncServer::show(vga::Picture picture) { loop_->show(std::move(picture)); }

}  // namespace gdbvm
