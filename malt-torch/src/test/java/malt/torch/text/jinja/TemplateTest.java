package malt.torch.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What templates mean; each expectation is what Jinja2 3.1 renders. */
class TemplateTest {
  private static final Map<String, Object> VARIABLES = new LinkedHashMap<>();

  static {
    VARIABLES.put("n", 7);
    VARIABLES.put("s", "Hello World");
    VARIABLES.put("list", List.of(3, 1, 2));
    VARIABLES.put("empty", null);
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", 1);
    map.put("a", Arrays.asList("x", null, true, 2.0));
    VARIABLES.put("map", map);
    VARIABLES.put("nested", Map.of("items", 5));
  }

  private static String render(String template) {
    return Template.parse(template).render(VARIABLES, format -> "today");
  }

  private static void refused(String template, int line, String... words) {
    assertThatThrownBy(() -> render(template))
        .as(template)
        .isInstanceOf(TemplateException.class)
        .hasMessageContainingAll(words)
        .extracting(e -> ((TemplateException) e).line())
        .isEqualTo(line);
  }

  @Test
  void a_block_takes_its_indentation_and_its_new_line_away() {
    assertThat(render("a\n  {% if true %}\n  b\n  {% endif %}\nc\n")).isEqualTo("a\n  b\nc");
    assertThat(render("x {{ n }}\n y")).isEqualTo("x 7\n y");
    assertThat(render("  {%+ if true +%}\n b{% endif %}")).isEqualTo("  \n b");
  }

  @Test
  void a_minus_takes_all_white_space_on_its_side() {
    assertThat(render("a \n {%- if true -%} \n b \n {%- endif -%} \n c")).isEqualTo("abc");
    assertThat(render("a  {{- n -}}  b {#- comment -#} c")).isEqualTo("a7bc");
  }

  @Test
  void a_tag_ends_outside_of_strings_and_brackets_only() {
    assertThat(render("{{ '}}' }}{{ {'a': {'b': '%}'}}.a.b }}")).isEqualTo("}}%}");
  }

  @Test
  void values_print_as_in_python() {
    assertThat(render("{{ map }} {{ (1,) }} {{ empty }} {{ 7 / 2 }} {{ missing }}"))
        .isEqualTo("{'b': 1, 'a': ['x', None, True, 2.0]} (1,) None 3.5 ");
  }

  @Test
  void json_is_written_as_python_writes_it() {
    assertThat(render("{{ map | tojson }}"))
        .isEqualTo("{\"b\": 1, \"a\": [\"x\", null, true, 2.0]}");
    assertThat(render("{{ {'k': [1]} | tojson(indent=2) }}"))
        .isEqualTo("{\n  \"k\": [\n    1\n  ]\n}");
    assertThat(render("{{ '<é\\n>' | tojson }}")).isEqualTo("\"<é\\n>\"");
  }

  @Test
  void operators_bind_as_in_jinja() {
    assertThat(render("{{ 1 + 2 * 3 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 1 ~ 2 * 3 }}"))
        .isEqualTo("7 -4 2 16");
    assertThat(
            render("{{ not missing is defined and n == 7 }} {{ 1 < 2 < 3 }} {{ 1 not in list }}"))
        .isEqualTo("True True False");
    assertThat(render("{{ 'a' if n > 9 else 'b' }}{{ 'c' if n > 9 }}")).isEqualTo("b");
  }

  @Test
  void tests_that_are_operators_have_all_of_jinjas_names() {
    String[][] names = {
      {"==", "eq", "equalto"},
      {"!=", "ne"},
      {"<", "lt", "lessthan"},
      {"<=", "le"},
      {">", "gt", "greaterthan"},
      {">=", "ge"}
    };
    List<String> kept = List.of("[2]", "[3, 1]", "[1]", "[1, 2]", "[3]", "[3, 2]"); // of 3, 1, 2
    for (int i = 0; i < names.length; i++) {
      for (String name : names[i]) {
        assertThat(render("{{ list | select('" + name + "', 2) | list }}"))
            .as(name)
            .isEqualTo(kept.get(i));
      }
    }
    assertThat(render("{{ [{'r': 'a'}, {'r': 'b'}] | selectattr('r', '==', 'b') | list }}"))
        .isEqualTo("[{'r': 'b'}]");
    assertThat(render("{{ [{'r': 'a'}, {'r': 'b'}] | rejectattr('r', '!=', 'b') | list }}"))
        .isEqualTo("[{'r': 'b'}]");
    assertThat(render("{{ list | select('in', [1, 3]) | list }} {{ n is eq 7 }} {{ n is ge(8) }}"))
        .isEqualTo("[3, 1] True False");
    assertThat(render("{{ true is sameas true }} {{ 1 is sameas true }} {{ none is sameas none }}"))
        .isEqualTo("True False True");
    assertThat(render("{{ s is escaped }} {{ s | safe is escaped }}")).isEqualTo("False True");
  }

  @Test
  void an_unknown_test_is_called_unknown_whatever_it_is_given() {
    refused("{{ list | select('=~', 2) | list }}", 1, "the test '=~' is not supported");
    refused("{{ list | select('==') | list }}", 1, "'==' takes 1 argument, found 0");
    refused("{{ list | select('odd', 2) | list }}", 1, "'odd' takes 0 arguments, found 1");
    refused("{{ n is sameas 7 }}", 1, "'sameas'");
  }

  @Test
  void what_a_loop_sets_is_forgotten() {
    assertThat(render("{% set x = 0 %}{% for i in list %}{% set x = i %}{% endfor %}{{ x }}"))
        .isEqualTo("0");
    assertThat(
            render(
                "{% set ns = namespace(x=0) %}{% for i in list %}{% set ns.x = ns.x + i %}"
                    + "{% endfor %}{{ ns.x }}"))
        .isEqualTo("6");
  }

  @Test
  void a_loop_knows_where_it_is() {
    assertThat(
            render(
                "{% for i in list if i != 1 %}{{ loop.index }}/{{ loop.length }}"
                    + "{{ ',' if not loop.last }}{% endfor %}"))
        .isEqualTo("1/2,2/2");
    assertThat(
            render("{% for i in list %}{% if i == 1 %}{% break %}{% endif %}{{ i }}{% endfor %}"))
        .isEqualTo("3");
    assertThat(render("{% for k, v in map.items() %}{{ k }}{% endfor %}")).isEqualTo("ba");
    assertThat(render("{% for i in [] %}x{% else %}none{% endfor %}")).isEqualTo("none");
  }

  @Test
  void macros_see_what_is_set_after_them() {
    assertThat(
            render(
                "{% macro m(a, b='z') %}{{ a }}{{ b }}{{ late }}{% endmacro %}"
                    + "{% set late = '!' %}{{ m(1) }}{{ m(b=2, a=1) }}"))
        .isEqualTo("1z!12!");
  }

  @Test
  void slices_count_from_both_ends() {
    assertThat(render("{{ s[0] }}{{ s[-1] }} {{ s[1:3] }} {{ list[::-1] }} {{ list[5:] }}"))
        .isEqualTo("Hd el [2, 1, 3] []");
    assertThat(render("{{ ['\\u200b', 'a\\u00a0'] }}")).isEqualTo("['\\u200b', 'a\\xa0']");
    assertThat(render("{{ 'a😀b'[1] }}{{ 'a😀b' | length }}")).isEqualTo("😀3");
  }

  @Test
  void strings_have_pythons_methods() {
    assertThat(render("{{ ' x '.strip() }}{{ 'a-b-c'.split('-', 1) }}{{ s.replace('o', '0') }}"))
        .isEqualTo("x['a', 'b-c']Hell0 W0rld");
    assertThat(render("{{ '\\u00a0x\\u00a0' | trim }}{{ 'xxaxx'.lstrip('x') }}")).isEqualTo("xaxx");
    assertThat(render("{{ s.startswith('He') }}{{ '{} {a}'.format(1, a=2) }}"))
        .isEqualTo("True1 2");
  }

  @Test
  void a_method_comes_before_an_item_of_its_name() {
    assertThat(render("{{ nested['items'] }}")).isEqualTo("5");
    refused("{{ nested.items }}", 1, "function");
  }

  @Test
  void text_added_to_a_safe_string_is_escaped() {
    assertThat(render("{{ '<'|safe }}{{ '<' | safe + '<' }}{{ '<'|safe ~ '<' }}"))
        .isEqualTo("<<&lt;<<");
  }

  @Test
  void undefined_is_empty_but_nothing_can_be_done_with_it() {
    assertThat(render("{{ missing }}{{ missing | length }}{{ missing | default('d') }}"))
        .isEqualTo("0d");
    refused("\n{{ missing.deep }}", 2, "'missing' is undefined");
    refused("{{ missing + 'a' }}", 1, "'missing' is undefined");
    refused("{{ missing() }}", 1, "'missing' is undefined");
  }

  @Test
  void what_is_not_known_is_refused_by_name_and_line() {
    refused("a\n{% include 'x' %}", 2, "include");
    refused("a\n\n{{ n | nofilter }}", 3, "nofilter");
    refused("{{ n is notest }}", 1, "notest");
    refused("{% if true %}\n  {{ s.zfill(3) }}\n{% endif %}", 2, "zfill");
    refused("{{ list.append(1) }}", 1, "append");
    refused("{% for i in list recursive %}{% endfor %}", 1, "recursive");
    refused("{{ 2 ** 3 }}", 1, "**");
    refused("{{ {1: 2}[true] }}", 1, "key");
    refused("{{ s.__class__ }}", 1, "__class__");
    refused("{{ loop.cycle }}{% for i in list %}{% endfor %}", 1, "loop");
  }

  @Test
  void an_unknown_filter_that_is_never_reached_does_no_harm() {
    assertThat(render("{% if false %}{{ n | nofilter }}{% endif %}ok")).isEqualTo("ok");
  }

  @Test
  void broken_templates_are_refused() {
    refused("\n{{ n", 2, "not closed");
    refused("{% if true %}\n", 1, "endif");
    refused("{% endif %}", 1, "endif");
    refused("{{ a b }}", 1, "'b'");
    refused("{{ }}", 1, "expression");
    refused("{# a", 1, "comment");
    refused("{{ 'a }}", 1, "string");
    refused("{% break %}", 1, "break");
    refused("{{ ) }}", 1, "')'");
  }

  @Test
  void runaway_templates_are_stopped() {
    refused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "nested");
    refused("{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}", 1, "nesting");
    refused("{{ range(100000000) }}", 1, "range");
    refused("{{ 'x' * 100000000 }}", 1, "repeated");
  }

  @Test
  void the_templates_own_error_is_passed_on() {
    refused("\n\n{{ raise_exception('Roles must alternate') }}", 3, "Roles must alternate");
  }
}
