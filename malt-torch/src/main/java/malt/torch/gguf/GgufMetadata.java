package malt.torch.gguf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.WeightsException;

/** The metadata of a GGUF file, by key and kind. */
record GgufMetadata(GgufFile file) {
  static final String ARCHITECTURE = "general.architecture";

  /** "llama", "qwen2", "qwen3", "gemma3", ... */
  String architecture() {
    return required(ARCHITECTURE, String.class);
  }

  /** The key of the architecture's own. */
  String own(String key) {
    return architecture() + "." + key;
  }

  <T> Optional<T> find(String key, Class<T> kind) {
    Object value = values().get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!kind.isInstance(value)) {
      throw wrong(key, "a value of kind " + kind.getSimpleName());
    }
    return Optional.of(kind.cast(value));
  }

  <T> T required(String key, Class<T> kind) {
    return find(key, kind)
        .orElseThrow(
            () ->
                new WeightsException(
                    "%s does not state %s, which a model needs".formatted(file.path(), key)));
  }

  /** A list whose elements are all of one kind. */
  <T> Optional<List<T>> list(String key, Class<T> kind) {
    return find(key, List.class)
        .map(
            values -> {
              for (Object value : values) {
                if (!kind.isInstance(value)) {
                  throw wrong(key, "a list of kind " + kind.getSimpleName());
                }
              }
              @SuppressWarnings("unchecked") // each was looked at
              List<T> list = values;
              return list;
            });
  }

  private Map<String, Object> values() {
    return file.metadata();
  }

  WeightsException wrong(String key, String wanted) {
    String value = String.valueOf(values().get(key));
    return new WeightsException(
        "%s: %s = %s is not %s"
            .formatted(
                file.path(),
                key,
                value.length() > 60 ? value.substring(0, 60) + "..." : value,
                wanted));
  }
}
