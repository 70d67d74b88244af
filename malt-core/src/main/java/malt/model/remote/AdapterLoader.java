package malt.model.remote;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import malt.MaltException;
import malt.model.AdapterRef;
import malt.model.remote.RequestFailure.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads trained adapters into a running server when they are first needed, and unloads them at the
 * end. An adapter's name there is told by its place and its content, so that no run meets another's
 * under it, and none that was trained anew is mistaken for what the server, or its cache of
 * prefixes, still holds under an old name. Safe for any number of threads.
 */
final class AdapterLoader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterLoader.class);
  private static final int HASH_DIGITS = 12;
  private static final int SERVER_ERROR = 500; // how some servers say that there is no such thing

  /** By an earlier process of the run, which was killed: what has the name is the adapter. */
  private static final Pattern ALREADY = Pattern.compile("already (been loaded|loaded|exists)");

  private final ApiConnection connection;
  private final LoraApi.Base base;
  private final Map<AdapterRef, String> loaded = new LinkedHashMap<>();
  private @Nullable LoraApi api; // once it was found

  /**
   * @param model what the server calls the base
   */
  AdapterLoader(ApiConnection connection, String model) {
    this.connection = connection;
    this.base = new LoraApi.Base(connection, model);
  }

  /**
   * Whether the server takes adapters while it runs.
   *
   * @throws RequestFailure if that could not be found out
   */
  synchronized boolean works(Patience patience) throws RequestFailure, InterruptedException {
    patience.asked(this::find);
    return api != null;
  }

  /**
   * Finds out what the server has.
   *
   * @return an {@link Reply.Answer} if that is known now, or the trouble that it had with a
   *     question
   */
  private Reply find() throws InterruptedException {
    for (LoraApi each : LoraApi.ALL) {
      if (api != null) {
        break;
      }
      Reply reply = each.ask(base);
      if (each.isThere(reply)) {
        api = each;
      } else if (reply instanceof Reply.Trouble trouble && trouble.status() != SERVER_ERROR) {
        return reply; // which says nothing of what the server has
      }
    }
    return answer("");
  }

  /**
   * Loads an adapter that is not loaded yet.
   *
   * @return the model's name there in an {@link Reply.Answer}, or why there is none
   */
  synchronized Reply model(AdapterRef adapter) throws InterruptedException {
    String known = loaded.get(adapter);
    if (known != null) {
      return answer(known);
    }
    if (find() instanceof Reply.Trouble trouble) {
      return trouble;
    }
    LoraApi found = api;
    if (found == null) {
      return refused(0, wanted(connection.url(), adapter.name()));
    }
    Path directory = Objects.requireNonNull(adapter.directory()).toAbsolutePath().normalize();
    String name = name(adapter, directory);
    Reply reply = found.load(base, name, directory);
    boolean already =
        reply instanceof Reply.Refusal refusal && ALREADY.matcher(refusal.failure().what()).find();
    if (reply instanceof Reply.Answer || already) {
      LOG.debug("{} is {} at {}", directory, name, connection.url());
      String model = found.model(base, name);
      loaded.put(adapter, model);
      return answer(model);
    }
    return reply instanceof Reply.Refusal refusal
        ? refused(
            refusal.failure().status(),
            "%s; so %s cannot be loaded there (%s)"
                .formatted(refusal.failure().what(), directory, found.needs()))
        : reply;
  }

  /** The server says that it does not know this model (any more): it was started again. */
  synchronized void forget(AdapterRef adapter) {
    loaded.remove(adapter);
  }

  /** What a server without such an API must be started with. */
  static String wanted(String url, String adapter) {
    return "%s takes no adapters while it runs, so %s cannot be sampled there: start vLLM with VLLM_ALLOW_RUNTIME_LORA_UPDATING=True in its environment, --enable-lora and --max-lora-rank, or SGLang with --enable-lora, --max-lora-rank and --lora-target-modules all; or start the server with the adapters, and say under remote.server.adapters what it calls them"
        .formatted(url, adapter);
  }

  private static Reply answer(String name) {
    return new Reply.Answer(TextNode.valueOf(name));
  }

  private static Reply refused(int status, String what) {
    return new Reply.Refusal(new RequestFailure(Scope.SERVER, status, what));
  }

  /** Such as joint-generator-sft-0123456789ab. */
  static String name(AdapterRef adapter, Path directory) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(directory.toString().getBytes(StandardCharsets.UTF_8));
      for (String file : LoraApi.FILES) {
        digest.update(Files.readAllBytes(directory.resolve(file)));
      }
      String hash = HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
      return adapter.name().replace('/', '-') + "-" + hash;
    } catch (IOException e) {
      throw new MaltException("cannot read the adapter %s: %s".formatted(directory, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unloads what was used; a server that is gone by now has nothing to unload. */
  @Override
  public synchronized void close() {
    try {
      for (String model : loaded.values()) {
        Reply reply = Objects.requireNonNull(api).unload(base, model);
        if (reply instanceof Reply.Trouble trouble) {
          LOG.warn("{}; adapters stay loaded there", trouble.what());
          return;
        }
        if (reply instanceof Reply.Refusal refusal && refusal.failure().status() != 404) {
          LOG.warn("{}; the adapter stays loaded there", refusal.failure().what());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      loaded.clear();
    }
  }
}
