// Standard streams that are closed, full or without a reader; each test has them in a process of its own.
#include "vmm/host/standard_streams.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include "tests/support/temporary_directory.h"

namespace gdbvm {
namespace {

struct StandardStreamsTest : testing::Test {
  // Ends this process well if that holds.
  [[noreturn]] static void end_if(bool holds) { ::_exit(holds ? 0 : 1); }
  static bool is_open(int fd, int access) {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) == access;
  }
};
using testing::ExitedWithCode;

TEST_F(StandardStreamsTest, ClosedOnesAreReplacedByNothing) {
  const auto all_closed = [] {
    for (const int fd : {0, 1, 2}) ::close(fd);
    secure_standard_streams();
    const bool later_has_another = ::dup(0) > 2;
    char byte = 0;
    end_if(is_open(0, O_RDONLY) && is_open(1, O_WRONLY) && is_open(2, O_WRONLY) && later_has_another &&
           ::read(0, &byte, 1) == 0 && ::write(1, &byte, 1) == 1);
  };
  EXPECT_EXIT(all_closed(), ExitedWithCode(0), "");
}

TEST_F(StandardStreamsTest, OpenOnesStayAsTheyAre) {
  const auto reads = [] {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) end_if(false);
    ::dup2(ends[0], 0);
    secure_standard_streams();
    char byte = 'a';
    end_if(::write(ends[1], "b", 1) == 1 && ::read(0, &byte, 1) == 1 && byte == 'b');
  };
  EXPECT_EXIT(reads(), ExitedWithCode(0), "");
}

TEST_F(StandardStreamsTest, WritingWithoutAReaderIsNoEnd) {
  const auto writes = [] {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) end_if(false);
    for (const int fd : {1, 2}) ::dup2(ends[1], fd);
    for (const int end : ends) ::close(end);
    secure_standard_streams();
    print("nobody reads this");
    tell_user("nor this");
    end_if(true);
  };
  EXPECT_EXIT(writes(), ExitedWithCode(0), "");
}

TEST_F(StandardStreamsTest, ALimitOnTheSizeOfFilesIsNoEnd) {
  TemporaryDirectory directory;
  const std::string path = directory.write("out", std::string_view());
  const auto writes = [&] {
    ::dup2(::open(path.c_str(), O_WRONLY), 1);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_FSIZE, &none);
    secure_standard_streams();
    print("too large");
    end_if(true);
  };
  EXPECT_EXIT(writes(), ExitedWithCode(0), "");
}

TEST_F(StandardStreamsTest, WhatAFullPipeDoesNotTakeIsLost) {
  const auto writes = [] {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_NONBLOCK) != 0) end_if(false);
    ::dup2(ends[1], 1);
    const auto capacity = static_cast<std::size_t>(::fcntl(ends[1], F_GETPIPE_SZ));
    print(std::string(capacity + 1, 'x'));
    std::string taken(capacity + 1, ' ');
    end_if(::read(ends[0], taken.data(), taken.size()) == static_cast<ssize_t>(capacity));
  };
  EXPECT_EXIT(writes(), ExitedWithCode(0), "");
}

// A signal makes write() return with what a full pipe has taken.
TEST_F(StandardStreamsTest, AnInterruptedTextIsWrittenWhole) {
  const auto writes = [] {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) end_if(false);
    const int capacity = ::fcntl(ends[1], F_GETPIPE_SZ);
    const std::string text(4 * static_cast<std::size_t>(capacity), 'x');
    ::signal(SIGUSR1, [](int) {});
    const pid_t writer = ::fork();
    if (writer == 0) {
      ::dup2(ends[1], 1);
      for (const int end : ends) ::close(end);
      print(text);
      end_if(true);
    }
    ::close(ends[1]);
    for (int taken = 0; taken < capacity; ::sched_yield()) ::ioctl(ends[0], FIONREAD, &taken);
    ::kill(writer, SIGUSR1);
    std::string read;
    std::array<char, 4096> piece;
    for (ssize_t n = 0; (n = ::read(ends[0], piece.data(), piece.size())) > 0;) {
      read.append(piece.data(), static_cast<std::size_t>(n));
    }
    end_if(read == text);
  };
  EXPECT_EXIT(writes(), ExitedWithCode(0), "");
}

TEST_F(StandardStreamsTest, TheUserIsToldALineInOnePiece) {
  const auto tells = [] {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) != 0) end_if(false);
    ::dup2(ends[0], 2);
    tell_user("CPU {} of {}", 1, 4);
    std::array<char, 100> message;
    const ssize_t size = ::read(ends[1], message.data(), message.size());
    end_if(size > 0 && std::string_view(message.data(), static_cast<std::size_t>(size)) == "gdbvm: CPU 1 of 4\n");
  };
  EXPECT_EXIT(tells(), ExitedWithCode(0), "");
}

}  // namespace
}  // namespace gdbvm
