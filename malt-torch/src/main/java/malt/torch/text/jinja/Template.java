package malt.torch.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A parsed template; immutable, and safe to render from several threads. */
public final class Template {
  private final Statement body;

  private Template(Statement body) {
    this.body = body;
  }

  /**
   * @throws TemplateException if the text is not a template this interpreter knows
   */
  public static Template parse(String source) {
    List<Token> tokens = Lexer.tokenize(source);
    return new Template(new StatementParser(new TokenReader(tokens)).parse());
  }

  /**
   * Renders with variables of these types: String, Boolean, Number, null, and List and Map (with
   * String keys) of them.
   *
   * @param strftimeNow formats the current date by a strftime pattern
   * @throws TemplateException if the template refuses the variables, or does what is not supported
   */
  public String render(
      Map<String, ? extends @Nullable Object> variables, UnaryOperator<String> strftimeNow) {
    Scope globals = new Scope(null);
    Globals.define(globals, strftimeNow);
    Scope scope = globals.inner();
    variables.forEach((name, value) -> scope.set(name, Values.fromJava(value)));
    StringBuilder out = new StringBuilder();
    body.execute(scope, out);
    return out.toString();
  }
}
