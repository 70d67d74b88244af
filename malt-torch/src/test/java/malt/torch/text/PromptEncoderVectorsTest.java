package malt.torch.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import malt.ReferenceData;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.text.jinja.TemplateException;
import org.junit.jupiter.api.Test;

/** Prompts of real models: spliced together from pieces, they equal the whole text's encoding. */
class PromptEncoderVectorsTest {

  @Test
  void prompts_of_qwen_equal_the_whole_texts_encoding() {
    check("Qwen2.5-7B-Instruct", "qwen2.5");
  }

  @Test
  void prompts_of_llama_equal_the_whole_texts_encoding() {
    check("Llama-3.2-3B-Instruct", "llama3.2");
  }

  @Test
  void prompts_of_mistral_equal_the_whole_texts_encoding() {
    check("Mistral-7B-Instruct-v0.2", "mistral-7b-instruct-v0.2");
  }

  @Test
  void prompts_of_phi_equal_the_whole_texts_encoding() {
    check("Phi-3-mini", "phi-3-mini");
  }

  private static void check(String model, String directory) {
    int checked = 0;
    try (Tokenizer tokenizer = Tokenizer.load(ReferenceData.tokenizer(directory))) {
      for (JsonNode line : ReferenceData.rows("chat-templates/reference-vectors.jsonl")) {
        boolean wanted = line.get("model").asText().equals(model);
        if (!wanted || !line.get("add_generation_prompt").asBoolean()) {
          continue;
        }
        checked++;
        ChatTemplate template =
            ChatTemplate.of(
                line.get("template").asText(),
                Map.of(
                    "bos_token", line.get("bos_token").asText(),
                    "eos_token", line.get("eos_token").asText()));
        PromptEncoder encoder = new PromptEncoder(tokenizer, template);
        List<Message> messages = messages(line, null);
        List<Message> sampled = messages(line, tokenizer);
        if (!line.get("error").isNull()) {
          assertThatThrownBy(() -> encoder.encode(new Prompt(messages)))
              .isInstanceOf(TemplateException.class);
          continue;
        }
        assertThat(template.render(messages, true)).isEqualTo(line.get("expected").asText());
        int[] whole = tokenizer.encodeTemplate(line.get("expected").asText());
        String what = model + " " + line.get("conversation").asText();
        assertThat(encoder.encode(new Prompt(messages))).as(what).isEqualTo(whole);
        // Sampled ids may begin with a space of their own, where whole text has none.
        assertThat(tokenizer.decode(encoder.encode(new Prompt(sampled))))
            .as(what)
            .isEqualToIgnoringWhitespace(tokenizer.decode(whole));
      }
    }
    assertThat(checked).isEqualTo(6);
  }

  /** The conversation; with a tokenizer, what the assistant said is a sampled completion. */
  private static List<Message> messages(JsonNode line, Tokenizer sampledBy) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : line.get("messages")) {
      Message.Role role =
          Message.Role.valueOf(message.get("role").asText().toUpperCase(Locale.ROOT));
      String content = message.get("content").asText();
      if (role == Message.Role.ASSISTANT && sampledBy != null) {
        int[] ids = sampledBy.encode(content);
        Completion completion =
            new Completion(
                content,
                new int[0],
                ids,
                new float[ids.length],
                FinishReason.LENGTH,
                AdapterRef.BASE,
                0);
        messages.add(new Message(role, List.of(new Message.Sampled(completion))));
      } else {
        messages.add(Message.of(role, content));
      }
    }
    return messages;
  }
}
