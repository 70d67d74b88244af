package malt.model.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import malt.MaltException;

/**
 * Ollama makes a model of its own from the base and an adapter whose files are sent to it. By its
 * documentation (docs/api.md: create a model, push a blob, delete a model), which lists the
 * families whose adapters it reads.
 */
record OllamaAdapters() implements LoraApi {
  @Override
  public Reply ask(Base base) throws InterruptedException {
    return base.connection()
        .call("GET", base.connection().root() + "/api/version", Reply.JSON.createObjectNode());
  }

  @Override
  public boolean isThere(Reply reply) {
    return reply instanceof Reply.Answer answer && answer.body().path("version").isTextual();
  }

  @Override
  public Reply load(Base base, String name, Path directory) throws InterruptedException {
    String root = base.connection().root();
    ObjectNode body = Reply.JSON.createObjectNode();
    body.put("model", name).put("from", base.model()).put("stream", false);
    ObjectNode adapters = body.putObject("adapters");
    for (String file : FILES) {
      Path path = directory.resolve(file);
      String digest = "sha256:" + sha256(path);
      Reply sent = base.connection().upload(root + "/api/blobs/" + digest, path);
      if (!(sent instanceof Reply.Answer)) {
        return sent;
      }
      adapters.put(file, digest);
    }
    return base.connection().call("POST", root + "/api/create", body);
  }

  private static String sha256(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(file, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Reply unload(Base base, String model) throws InterruptedException {
    ObjectNode body = Reply.JSON.createObjectNode().put("model", model);
    return base.connection().call("DELETE", base.connection().root() + "/api/delete", body);
  }

  @Override
  public String model(Base base, String name) {
    return name;
  }

  @Override
  public String needs() {
    return "Ollama reads adapters of Llama, Mistral and Gemma";
  }
}
