package malt.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import malt.app.team.TeamAnswer;
import malt.model.Completion;
import malt.torch.generation.ModelCodec;

/** Answers in OpenAI's shapes; ids as vLLM writes them, and what is ours alone under "malt". */
final class AnswerJson {
  private final Call call;
  private final String id;
  private final long created;
  private final List<String> roles;
  private final ModelCodec codec;

  /**
   * @param roles of the team, in the order in which they speak
   */
  AnswerJson(Call call, long number, long created, List<String> roles, ModelCodec codec) {
    this.call = call;
    this.id = (call.chat() ? "chatcmpl-" : "cmpl-") + Long.toHexString(number);
    this.created = created;
    this.roles = roles;
    this.codec = codec;
  }

  /** The whole answer. */
  ObjectNode whole(List<Spoken> choices) {
    ObjectNode json = head(call.chat() ? "chat.completion" : "text_completion");
    ArrayNode list = json.putArray("choices");
    for (Spoken spoken : choices) {
      Completion completion = spoken.completion();
      ObjectNode choice = list.addObject().put("index", list.size() - 1);
      if (call.chat()) {
        choice
            .putObject("message")
            .put("role", "assistant")
            .put("content", completion.text())
            .putNull("refusal");
      } else {
        choice.put("text", completion.text());
      }
      logProbs(choice, completion.ids(), completion.logProbs());
      choice.put("finish_reason", finish(completion));
      if (call.ids()) {
        ints(choice.putArray("token_ids"), completion.ids());
        ints((call.chat() ? json : choice).putArray("prompt_token_ids"), completion.promptIds());
      }
      team(choice, spoken);
    }
    usage(json, choices);
    return json;
  }

  private ObjectNode head(String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", call.model());
  }

  /** The first piece of a streamed chat choice. */
  ObjectNode opening(int choice) {
    ObjectNode json = chunk();
    ObjectNode one = piece(json, choice);
    one.putObject("delta").put("role", "assistant").put("content", "");
    one.putNull("finish_reason");
    return json;
  }

  /** One token more. */
  ObjectNode token(int choice, int token, float logProb, String text) {
    ObjectNode json = chunk();
    ObjectNode one = piece(json, choice);
    if (call.chat()) {
      one.putObject("delta").put("content", text);
    } else {
      one.put("text", text);
    }
    logProbs(one, new int[] {token}, new float[] {logProb});
    if (call.ids()) {
      one.putArray("token_ids").add(token);
    }
    one.putNull("finish_reason");
    return json;
  }

  /** One token more of a turn before the answer. */
  ObjectNode turn(int choice, int pass, String role, String text) {
    ObjectNode json = chunk();
    ObjectNode one = piece(json, choice);
    one.putObject("delta")
        .putObject("malt")
        .put("pass", pass)
        .put("role", role)
        .put("content", text);
    one.putNull("finish_reason");
    return json;
  }

  /** The last piece of a choice. */
  ObjectNode closing(int choice, Spoken spoken) {
    ObjectNode json = chunk();
    ObjectNode one = piece(json, choice);
    if (call.chat()) {
      one.putObject("delta");
    } else {
      one.put("text", "");
    }
    one.put("finish_reason", finish(spoken.completion()));
    if (call.ids()) {
      ints(
          (call.chat() ? json : one).putArray("prompt_token_ids"), spoken.completion().promptIds());
    }
    team(one, spoken);
    return json;
  }

  /** The piece behind the last one, with the counts. */
  ObjectNode counts(List<Spoken> choices) {
    ObjectNode json = chunk();
    json.putArray("choices");
    usage(json, choices);
    return json;
  }

  private ObjectNode chunk() {
    return head(call.chat() ? "chat.completion.chunk" : "text_completion");
  }

  private static ObjectNode piece(ObjectNode json, int choice) {
    return json.putArray("choices").addObject().put("index", choice);
  }

  private void logProbs(ObjectNode choice, int[] ids, float[] values) {
    if (!call.logProbs()) {
      choice.putNull("logprobs");
      return;
    }
    ObjectNode logProbs = choice.putObject("logprobs");
    if (!call.chat()) {
      ArrayNode tokens = logProbs.putArray("tokens");
      ArrayNode numbers = logProbs.putArray("token_logprobs");
      for (int i = 0; i < ids.length; i++) {
        tokens.add(codec.decode(new int[] {ids[i]}));
        numbers.add(values[i]);
      }
      logProbs.putNull("top_logprobs");
      return;
    }
    ArrayNode content = logProbs.putArray("content");
    for (int i = 0; i < ids.length; i++) {
      String text = codec.decode(new int[] {ids[i]});
      ObjectNode token = content.addObject().put("token", text).put("logprob", values[i]);
      if (text.indexOf('\uFFFD') < 0) {
        ArrayNode bytes = token.putArray("bytes");
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
          bytes.add(Byte.toUnsignedInt(one));
        }
      } else {
        token.putNull("bytes"); // a part of a character
      }
      token.putArray("top_logprobs");
    }
    logProbs.putNull("refusal");
  }

  private void team(ObjectNode choice, Spoken spoken) {
    TeamAnswer team = spoken.team();
    if (team == null) {
      return;
    }
    ObjectNode malt = choice.putObject("malt");
    ObjectNode votes = malt.putObject("votes");
    team.votes().forEach(votes::put);
    malt.put("winner", team.winner());
    if (call.showRoles()) {
      ArrayNode passes = malt.putArray("passes");
      for (List<Completion> pass : team.passes()) {
        ArrayNode turns = passes.addArray();
        for (int turn = 0; turn < pass.size(); turn++) {
          turns
              .addObject()
              .put("role", roles.get(turn))
              .put("content", pass.get(turn).text())
              .put("finish_reason", finish(pass.get(turn)));
        }
      }
    }
  }

  private static String finish(Completion completion) {
    return switch (completion.finish()) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case FAILED -> "abort";
    };
  }

  /** Choices of one prompt share it; a team's calls of the model each have their own. */
  private void usage(ObjectNode json, List<Spoken> choices) {
    long prompt = 0;
    for (int i = 0; i < choices.size(); i++) {
      boolean counted = choices.get(i).team() == null && i % call.seeds().size() != 0;
      prompt += counted ? 0 : choices.get(i).promptTokens();
    }
    long said = choices.stream().mapToLong(Spoken::completionTokens).sum();
    json.putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", said)
        .put("total_tokens", prompt + said);
  }

  static void ints(ArrayNode array, int[] values) {
    array.removeAll();
    for (int value : values) {
      array.add(value);
    }
  }
}
