// What the packets of tracing ask for (GDB manual, "Tracepoint Packets"); see command.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gdbstub/types.h"

namespace gdbstub::command {

// ---- definitions
struct TraceInit {};       // QTinit
struct DefineTracepoint {  // QTDP
  std::uint32_t number;
  Address address;
  bool enabled;
  std::uint64_t steps, passes;
  bool fast = false;
  std::optional<Bytes> condition{};
  bool more = false;  // its actions follow
};
struct DefineTraceActions {  // QTDP:-
  std::uint32_t number;
  Address address;
  std::string_view actions;
  bool more = false;
};
struct DefineTraceSource {  // QTDPsrc
  std::uint32_t number;
  Address address;
  std::string_view type;
  std::uint64_t start, total;
  Bytes text;
};
struct DefineTraceVariable {  // QTDV
  std::uint32_t number;
  std::uint64_t value;
  Bytes name;
};
struct DefineReadOnly {  // QTro: from, and up to but not including
  std::vector<std::pair<Address, Address>> ranges;
};
struct EnableTracepoint {  // QTEnable, QTDisable
  std::uint32_t number;
  Address address;
  bool on;
};
struct FirstTracepoint {};     // qTfP
struct NextTracepoint {};      // qTsP
struct FirstTraceVariable {};  // qTfV
struct NextTraceVariable {};   // qTsV

// ---- running
struct StartTrace {};     // QTStart
struct StopTrace {};      // QTStop
struct QueryTrace {};     // qTStatus
struct QueryTracepoint {  // qTP
  std::uint32_t number;
  Address address;
};
struct QueryTraceVariable {  // qTV
  std::uint32_t number;
};
struct SetTraceDisconnected {  // QTDisconnected
  bool on;
};
struct SetTraceNotes {  // QTNotes
  std::optional<Bytes> user, notes, stop;
};
struct QueryFastLength {};             // qTMinFTPILen
struct SetTraceBufferSize {            // QTBuffer:size
  std::optional<std::uint64_t> bytes;  // nullopt: as it pleases
};
struct SetTraceCircular {  // QTBuffer:circular
  bool on;
};

// ---- what has been collected
struct SelectFrame {  // QTFrame
  struct Number {
    std::uint32_t number;  // of none: the client looks at the target again
  };
  struct At {
    Address pc;
  };
  struct Of {
    std::uint32_t tracepoint;
  };
  struct Within {
    Address first, last;
    bool outside;
  };
  std::variant<Number, At, Of, Within> which;
};
struct ReadTraceBuffer {  // qTBuffer
  std::uint64_t offset, length;
};
struct SaveTrace {  // QTSave
  Bytes path;
};

}  // namespace gdbstub::command
