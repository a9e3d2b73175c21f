// The document that describes the registers to a client.
#include "gdbstub/wire/target_xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gdbstub/session/register_layout.h"

namespace gdbstub {
namespace {

using testing::HasSubstr;
using testing::Not;

TargetDescription sample() {
  Feature feature{"org.example.\"<a>&", {}, {}};
  feature.types.push_back(FlagsType{"cr0", 8, {{"PE", 0, 0}, {"IOPL", 12, 13}}});
  feature.types.push_back(VectorType{"v4f", "ieee_single", 4});
  feature.types.push_back(UnionType{"vec", {{"f", "v4f"}, {"i", "uint128"}}});
  feature.registers.push_back({"a", 32, "int32", "general"});
  feature.registers.push_back({"pc", 64, "code_ptr", "", GenericRole::Pc, true, 16});
  feature.registers.push_back({"f0", 80, "i387_ext", "float"});
  return {"i386:x86-64", {feature}};
}

TEST(TargetDescription, Xml) {
  const std::string xml = to_xml(sample());
  EXPECT_THAT(xml, HasSubstr("<architecture>i386:x86-64</architecture>"));
  EXPECT_THAT(xml, Not(HasSubstr("osabi")));
  EXPECT_THAT(xml, HasSubstr("<feature name=\"org.example.&quot;&lt;a&gt;&amp;\">"));
  EXPECT_THAT(xml, HasSubstr("<flags id=\"cr0\" size=\"8\">\n<field name=\"PE\" start=\"0\" end=\"0\"/>\n"
                             "<field name=\"IOPL\" start=\"12\" end=\"13\"/>\n</flags>"));
  EXPECT_THAT(xml, HasSubstr("<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>"));
  EXPECT_THAT(xml, HasSubstr("<union id=\"vec\">\n<field name=\"f\" type=\"v4f\"/>"));
  EXPECT_THAT(xml, HasSubstr("<reg name=\"pc\" bitsize=\"64\" type=\"code_ptr\" dwarf_regnum=\"16\" gcc_regnum=\"16\" "
                             "generic=\"pc\"/>"));
}

TEST(TargetDescription, OsAbiFollowsTheArchitecture) {
  TargetDescription description = sample();
  description.osabi = "none";
  EXPECT_THAT(to_xml(description), HasSubstr("</architecture>\n<osabi>none</osabi>\n<feature"));
}

TEST(RegisterLayout, OffsetsFollowEachOther) {
  const TargetDescription description = sample();
  const RegisterLayout layout(description);
  EXPECT_EQ(layout.total(), 22u);
  EXPECT_EQ(layout.find({1})->offset, 4u);
  EXPECT_EQ(layout.find({2})->offset, 12u);
  EXPECT_EQ(layout.find({2})->size, 10u);
  EXPECT_EQ(layout.find({3}), nullptr);
  EXPECT_EQ(layout.pc(), RegisterNumber{1});
  EXPECT_EQ(layout.expedited(), std::vector<RegisterNumber>{{1}});
}

}  // namespace
}  // namespace gdbstub
