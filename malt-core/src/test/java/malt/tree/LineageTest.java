package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.ToyTeam;
import malt.model.AdapterRef;
import org.junit.jupiter.api.Test;

final class LineageTest {
  private final AgentTeam team = ToyTeam.of();

  private AgentTeam withVerifier(String adapter) {
    return team.withAdapters(
        Map.of(AgentRole.VERIFIER, new AdapterRef(adapter, Path.of("adapters"))));
  }

  @Test
  void it_names_everyone_up_to_the_turn() {
    AgentTeam trained = withVerifier("joint/verifier/dpo");
    assertThat(Lineage.of(trained, 0)).hasToString("generator=base");
    assertThat(Lineage.of(trained, 1)).hasToString("generator=base>verifier=joint/verifier/dpo");
    assertThat(Lineage.of(trained))
        .hasToString("generator=base>verifier=joint/verifier/dpo>refiner=base");
  }

  @Test
  void teams_share_it_as_far_as_they_agree() {
    AgentTeam trained = withVerifier("joint/verifier/dpo");
    assertThat(Lineage.of(trained, 0)).isEqualTo(Lineage.of(team, 0));
    assertThat(Lineage.of(trained, 1)).isNotEqualTo(Lineage.of(team, 1));
  }

  @Test
  void a_substitution_marks_those_who_speak_after_it() {
    Substitution shuffled = Substitution.shuffled(1);
    assertThat(Lineage.of(team, 1, shuffled)).isEqualTo(Lineage.of(team, 1));
    assertThat(Lineage.of(team, 2, shuffled))
        .hasToString("generator=base>verifier=base~shuffled>refiner=base");
  }

  @Test
  void a_name_that_would_make_it_ambiguous_is_refused() {
    assertThatThrownBy(() -> Lineage.of(withVerifier("a>b"), 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("a>b");
  }
}
