// What the two kinds of drives on an IDE cable have in common: the registers of the command block, data that go through
// the data port or by DMA, and the interrupt (ATA/ATAPI-6, 6 and 9).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "vmm/devices/state.h"
#include "vmm/devices/versioned_disk.h"

namespace gdbvm::ide {

// The registers by their ports' offsets; those that are written only have names of their own.
namespace port {
enum Register : std::uint8_t { data, error, count, low, mid, high, device, status, features = error, command = status };
}
enum Status : std::uint8_t { busy = 0x80, ready = 0x40, seek_done = 0x10, requests_data = 0x08, failed = 0x01 };
enum Error : std::uint8_t { uncorrectable = 0x40, not_found = 0x10, aborted = 0x04 };

// Pure: commands are carried out at once, by the call that gives them. No lock.
class Drive {
 public:
  Drive(const std::string& path, DiskMode mode) : disk_(path, mode), name_(path) {}
  virtual ~Drive() = default;
  Drive(const Drive&) = delete;
  Drive& operator=(const Drive&) = delete;

  // Of the registers error to device. The host writes both drives' at once.
  std::uint8_t read(unsigned number) const;
  void write(unsigned number, std::uint8_t value);
  std::uint8_t status_now() const { return state_.registers[port::status]; }
  // A new command ends the one before, whatever it still had to transfer.
  void execute(std::uint8_t command);
  void read_data(std::span<std::uint8_t> out);
  void write_data(std::span<const std::uint8_t> bytes);
  // The interrupt is pending until the status is read.
  bool interrupt() const { return state_.interrupt != 0; }
  void acknowledge() { state_.interrupt = 0; }
  // After a reset of the channel and a diagnosis: the signature is in the registers.
  void reset();
  // The host's settings are forgotten too.
  void power_on();
  void raise() { state_.interrupt = 1; }

  // What it waits for with a bus master: bytes to memory, or from it. Pieces in order, together bytes_left().
  enum class Dma : std::uint8_t { None, ToMemory, FromMemory };
  Dma dma() const { return static_cast<Dma>(state_.dma); }
  std::uint64_t bytes_left() const { return state_.left; }
  void dma_to_memory(std::span<std::uint8_t> out);
  void dma_from_memory(std::span<const std::uint8_t> bytes);

  VersionedDisk& disk() { return disk_; }
  // The disk's contents are not part of it.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 protected:
  enum class Way : std::uint8_t { Port, Dma };
  using Bytes = std::vector<std::uint8_t>;

  // A command that is not the same for both kinds.
  virtual void perform(std::uint8_t command) = 0;
  virtual void put_signature() = 0;
  // Bytes that the host has sent, not for the disk.
  virtual void received(const Bytes& bytes) = 0;
  // At the start of each piece of data for the host, of so many bytes; and when all of them have gone.
  virtual void piece_begins(std::size_t size) = 0;
  virtual void all_sent() = 0;

  // How a command ends or goes on; each sets the status.
  void succeed();  // with the interrupt
  void fail(std::uint8_t error);
  void send(Bytes bytes, Way way, std::size_t piece);  // at most 64 KiB; to the host
  void send_disk(std::uint64_t offset, std::uint64_t size, Way way, std::size_t piece);
  void receive(std::size_t size);  // from the host, for received()
  void receive_disk(std::uint64_t offset, std::uint64_t size, Way way, std::size_t piece);

  std::uint8_t& at(unsigned number) { return state_.registers[number & 7]; }
  // What was written before the last value, for commands with 48-bit addresses.
  std::uint8_t before(unsigned number) const { return state_.before[number & 7]; }
  // What the drive was told beside the registers; any values are valid.
  struct Settings {
    std::uint32_t heads, sectors;  // as the host addresses a disk
    std::uint32_t multiple;        // sectors in a piece
    std::uint32_t transfer_mode;   // as SET FEATURES has it
    std::uint32_t sense;           // of the last packet: key and code
    std::uint32_t reserved;
  };
  void start_with(const Settings& settings);  // at power-on
  Settings& settings() { return state_.settings; }
  const Settings& settings() const { return state_.settings; }
  const std::string& name() const { return name_; }
  const VersionedDisk& disk() const { return disk_; }

 private:
  enum Source : std::uint8_t { idle, memory_to_host, disk_to_host, host_to_memory, host_to_disk };
  struct State {
    std::uint8_t registers[8], before[8];
    Settings settings;
    std::uint32_t piece;          // the most bytes of one
    std::uint32_t at, piece_end;  // in the buffer
    std::uint8_t source, dma, interrupt, reserved;
    std::uint64_t offset, left;  // on the disk, and after this piece
  };
  bool performs(std::uint8_t command);  // false: the command is one of a kind's own
  static bool is_possible(const State& state, std::size_t buffer);
  void begin(Source source, std::uint64_t offset, std::uint64_t size, Way way, std::size_t piece);
  void begin_piece();
  void piece_ended();
  bool to_host() const { return state_.source == memory_to_host || state_.source == disk_to_host; }
  bool read_disk(std::uint64_t offset, std::span<std::uint8_t> out) const;
  bool write_disk(std::uint64_t offset, std::span<const std::uint8_t> bytes);

  VersionedDisk disk_;
  const std::string name_;
  Settings at_power_on_{};
  State state_{};
  Bytes buffer_;
};

}  // namespace gdbvm::ide
