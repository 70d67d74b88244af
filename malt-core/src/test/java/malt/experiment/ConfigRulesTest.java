package malt.experiment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import malt.ConfigException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigRulesTest {
  private static AbstractThrowableAssert<?, ?> violations(String... overrides) {
    return violations(TinyConfig.with(overrides));
  }

  private static AbstractThrowableAssert<?, ?> violations(ExperimentConfig config) {
    return assertThatThrownBy(() -> ConfigRules.check(config, "tiny.yaml"))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void theTinyConfigurationViolatesNothing() {
    assertThatCode(() -> ConfigRules.check(TinyConfig.with(), "tiny.yaml"))
        .doesNotThrowAnyException();
  }

  @Test
  void allViolationsAreReportedAtOnce() {
    violations("name=a/b", "seeds=[2, 2]", "dpo.beta=0", "sampling.top_p=1.5", "problems.train=0")
        .hasMessage(
            """
            tiny.yaml:
              - name: letters, digits, '.', '_' and '-' only, found 'a/b'
              - seeds: [2, 2] repeats one
              - problems.train: 1 or more, found 0
              - sampling.top_p: in (0, 1], found 1.5
              - dpo.beta: above 0, found 0.0\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seeds=[] | seeds:",
        "model.threads=0 | model.threads:",
        "model.path='' | model.path:",
        "model.date=today | model.date:",
        "model.stop=[''] | model.stop:",
        "model.template_variables={messages: 1} | model.template_variables: messages",
        "problems.dev_from_train=-1 | problems.dev_from_train:",
        "problems.dev_from_train=2 | problems.dev_from_train:",
        "lora.targets=[head] | lora.targets:",
        "lora.targets=[q_proj, q_proj] | lora.targets:",
        "lora.alpha=1e999 | lora.alpha:",
        "sft.learning_rate=1e999 | sft.learning_rate:",
        "sft.beta1=1 | sft.beta1:",
        "sft.beta2=-0.1 | sft.beta2:",
        "sft.weight_decay=-0.1 | sft.weight_decay:",
        "dpo.optimizer.max_gradient_norm=0 | dpo.optimizer.max_gradient_norm:",
        "dpo.nll_weight=-1 | dpo.nll_weight:",
        "remote.server.url=here | remote.server.url:",
        "remote.server.model='' | remote.server.model:",
        "remote.server.samples_per_request=0 | remote.server.samples_per_request:",
        "remote.server.requests_in_flight=0 | remote.server.requests_in_flight:",
        "remote.stages=[evaluate] | remote.server.adapters must name them",
        "remote.stages=[collect] | the second tree",
        "problems.source=web | problems.source:",
        "problems.source=gsm8k | problems.train_file:",
        "problems.grader=toy | problems.grader:",
        "evaluation.paper=gsm8k | evaluation.paper:",
        "problems.evaluate_on=train | problems.evaluate_on:",
        "problems.evaluate_on=dev | problems.dev:",
        "datasets.pair_roles=[critic] | datasets.pair_roles: critic",
        "sampling.tree_temperature=0 | sampling.tree_temperature:",
        "sampling.problems_per_call=1 | shuffled-critiques",
        "problems.test=1 | shuffled-critiques",
        "schedules=[] | schedules:",
        "schedules=[joint, joint] | schedules:",
        "second_tree_branching=[3, 3] | second_tree_branching:",
        "second_tree_branching=[3, 0, 3] | second_tree_branching:",
        "lora.targets=[] | lora.targets:",
        "sft.warmup=1 | sft.warmup:",
        "dpo.optimizer.epochs=0 | dpo.optimizer.epochs:",
        "evaluation.flag='(' | evaluation.flag:",
        "evaluation.votes=0 | evaluation.votes:",
        "evaluation.ablations=[dropped-role, dropped-role] | evaluation.ablations:",
        "evaluation.debate.rounds=1 | evaluation.debate.rounds:",
        "evaluation.debate.max_tokens=0 | evaluation.debate.max_tokens:",
        "prompts.debate-first=[user: '{own}'] | prompts.debate-first: {own}",
        "prompts.debate-again=[user: '{other}'] | prompts.debate-again: {other}",
      })
  void aViolationNamesItsKey(String override, String named) {
    violations(override).hasMessageContaining(named);
  }

  @Test
  void aPromptMayOnlyShowWhoSpokeBefore() {
    violations(
            TinyConfig.parse(
                TinyConfig.TEXT.replace(
                    "{question}\", assistant: \"{generator}\", user: Check",
                    "{question}\", assistant: \"{refiner}\", user: Check")))
        .hasMessageContaining("prompts.verifier: {refiner} names no earlier role");
  }

  @Test
  void aPlainLayoutHasNoTemplateToTellAndNoServerToLayItOut() {
    violations("model.layout=plain", "model.template_variables={enable_thinking: false}")
        .hasMessageContaining("model.template_variables: {} where model.layout is plain");
    violations("model.layout=plain", "remote.stages=[collect]")
        .hasMessageContaining("remote.server.api: completions where model.layout is plain");
  }

  @Test
  void oneBaseEndsAtTheSameTextsHereAndThere() {
    violations("model.stop=[Problem]", "remote.stages=[collect]")
        .hasMessageContaining("remote.server.stop: as model.stop");
  }

  @Test
  void aTeamOfOneHasNoScheduleThatWouldTrainNobody() {
    String alone = TinyConfig.TEXT.replaceAll("  - \\{role: (verifier|refiner).*\\n", "");
    violations(TinyConfig.parse(alone, "second_tree_branching=[3]", "evaluation.ablations=[]"))
        .hasMessageContaining("schedules: joint alone for a team of one");
  }

  @Test
  void aStudyNeedsTheRolesThatItChanges() {
    String alone = TinyConfig.TEXT.replaceAll("  - \\{role: (verifier|refiner).*\\n", "");
    violations(TinyConfig.parse(alone, "second_tree_branching=[3]", "schedules=[joint]"))
        .hasMessageContaining("evaluation.ablations: these studies are of a chain of two roles");
    String two = TinyConfig.TEXT.replaceAll("  - \\{role: refiner.*\\n", "");
    violations(TinyConfig.parse(two, "second_tree_branching=[3, 2]"))
        .hasMessageContaining(
            "the chain [generator, verifier] has none"); // nobody hears the critique
  }

  @Test
  void aRoleSpeaksOnce() {
    violations(TinyConfig.parse(TinyConfig.TEXT.replace("role: refiner", "role: verifier")))
        .hasMessageContaining("team: role verifier stands twice");
  }

  @Test
  void anotherRuleOfCreditKeepsToTheRules() {
    assertThatThrownBy(
            () -> TinyConfig.with().withCredit("my run", 0.3, TinyConfig.with().credit().pooling()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("name:");
  }
}
