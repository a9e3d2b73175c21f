// A table of those that are no characters.
#include "vmm/console/keysyms.h"

#include <rfb/keysym.h>

#include <algorithm>
#include <iterator>

#include "vmm/devices/ps2/key_names.h"

namespace gdbvm {

namespace {

struct Symbol {
  std::uint32_t keysym;
  ps2::Key key;
};
constexpr Symbol symbols[] = {{XK_BackSpace, {0x0e}},
                              {XK_Tab, {0x0f}},
                              {XK_ISO_Left_Tab, {0x0f}},
                              {XK_Return, {0x1c}},
                              {XK_Escape, {0x01}},
                              {XK_Delete, {0xe053}},
                              {XK_Home, {0xe047}},
                              {XK_Left, {0xe04b}},
                              {XK_Up, {0xe048}},
                              {XK_Right, {0xe04d}},
                              {XK_Down, {0xe050}},
                              {XK_Page_Up, {0xe049}},
                              {XK_Page_Down, {0xe051}},
                              {XK_End, {0xe04f}},
                              {XK_Insert, {0xe052}},
                              {XK_Menu, {0xe05d}},
                              {XK_Print, ps2::print_screen},
                              {XK_Pause, ps2::pause},
                              {XK_Num_Lock, {0x45}},
                              {XK_Scroll_Lock, {0x46}},
                              {XK_Caps_Lock, {0x3a}},
                              {XK_KP_Enter, {0xe01c}},
                              {XK_KP_Multiply, {0x37}},
                              {XK_KP_Add, {0x4e}},
                              {XK_KP_Subtract, {0x4a}},
                              {XK_KP_Divide, {0xe035}},
                              {XK_KP_Decimal, {0x53}},
                              {XK_KP_Delete, {0x53}},
                              {XK_KP_0, {0x52}},
                              {XK_KP_Insert, {0x52}},
                              {XK_KP_1, {0x4f}},
                              {XK_KP_End, {0x4f}},
                              {XK_KP_2, {0x50}},
                              {XK_KP_Down, {0x50}},
                              {XK_KP_3, {0x51}},
                              {XK_KP_Page_Down, {0x51}},
                              {XK_KP_4, {0x4b}},
                              {XK_KP_Left, {0x4b}},
                              {XK_KP_5, {0x4c}},
                              {XK_KP_Begin, {0x4c}},
                              {XK_KP_6, {0x4d}},
                              {XK_KP_Right, {0x4d}},
                              {XK_KP_7, {0x47}},
                              {XK_KP_Home, {0x47}},
                              {XK_KP_8, {0x48}},
                              {XK_KP_Up, {0x48}},
                              {XK_KP_9, {0x49}},
                              {XK_KP_Page_Up, {0x49}},
                              {XK_F11, {0x57}},
                              {XK_F12, {0x58}},
                              {XK_Shift_L, {0x2a}},
                              {XK_Shift_R, {0x36}},
                              {XK_Control_L, {0x1d}},
                              {XK_Control_R, {0xe01d}},
                              {XK_Alt_L, {0x38}},
                              {XK_Alt_R, {0xe038}},
                              {XK_ISO_Level3_Shift, {0xe038}},
                              {XK_Meta_L, {0x38}},
                              {XK_Super_L, {0xe05b}},
                              {XK_Super_R, {0xe05c}}};

// The last that is pressed, after Shift.
ps2::Key typing_key(const std::vector<ps2::KeyEvent>& events) { return events[events.size() / 2 - 1].key; }

}  // namespace

std::optional<ps2::Key> key_of_keysym(std::uint32_t keysym) {
  if (keysym >= XK_space && keysym <= XK_asciitilde) {
    const auto events = ps2::keys_typing(static_cast<char>(keysym));
    return events ? std::optional(typing_key(*events)) : std::nullopt;
  }
  constexpr std::uint16_t f1 = 0x3b;
  if (keysym >= XK_F1 && keysym <= XK_F10) return ps2::Key{static_cast<std::uint16_t>(f1 + (keysym - XK_F1))};
  const auto* const found = std::ranges::find(symbols, keysym, &Symbol::keysym);
  return found != std::end(symbols) ? std::optional(found->key) : std::nullopt;
}

}  // namespace gdbvm
