package malt.app.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that cannot be answered, as OpenAI's API says it. */
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String what;
  private final @Nullable String code;
  private final @Nullable String parameter;

  private ApiError(int status, String what, @Nullable String code, @Nullable String parameter) {
    super(what);
    this.status = status;
    this.what = what;
    this.code = code;
    this.parameter = parameter;
  }

  static ApiError invalid(String parameter, String what) {
    return new ApiError(400, what, "invalid_value", parameter);
  }

  static ApiError noRoom(int tokens, int positions) {
    return new ApiError(
        400,
        "This model's maximum context length is %d tokens and the prompt has %d, which leaves no room."
            .formatted(positions, tokens),
        "context_length_exceeded",
        "messages");
  }

  static ApiError unknownModel(String name, String known) {
    return new ApiError(
        404,
        "The model '%s' does not exist here; these do: %s".formatted(name, known),
        "model_not_found",
        "model");
  }

  static ApiError of(int status, String what) {
    return new ApiError(status, what, null, null);
  }

  int status() {
    return status;
  }

  private String type() {
    return switch (status) {
      case 401, 403 -> "authentication_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putObject("error")
        .put("message", what)
        .put("type", type())
        .put("param", parameter)
        .put("code", code);
    return json;
  }
}
