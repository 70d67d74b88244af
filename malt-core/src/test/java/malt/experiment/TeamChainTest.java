package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.Judgement;
import org.junit.jupiter.api.Test;

class TeamChainTest {
  private static AgentTeam team(String... overrides) {
    return Teams.untrained(TinyConfig.with(overrides));
  }

  @Test
  void a_turn_that_judges_is_of_the_last_answer() {
    AgentTeam team = team();
    assertThat(team.turnNames()).containsExactly("generator", "verifier", "refiner");
    assertThat(team.judges()).containsExactly(1);
    assertThat(team.agents().get(1).judges()).isEqualTo(new Judgement(0, "wrong", false));
    assertThat(team.answering(3)).containsExactly(2);
    assertThat(team.answering(2)).containsExactly(0);
  }

  @Test
  void a_loop_is_a_chain_that_ends_where_nobody_objects() {
    AgentTeam team = team("loop={turns: [verifier, refiner], times: 3}");
    assertThat(team.turnNames())
        .containsExactly(
            "generator",
            "verifier",
            "refiner",
            "verifier-2",
            "refiner-2",
            "verifier-3",
            "refiner-3");
    assertThat(team.roles())
        .containsExactly(AgentRole.GENERATOR, AgentRole.VERIFIER, AgentRole.REFINER);
    assertThat(team.agents().get(5).judges()).isEqualTo(new Judgement(4, "wrong", true));
    assertThat(team.answering(4)).containsExactly(2);
  }

  @Test
  void a_role_that_speaks_twice_has_two_turns() {
    AgentTeam team =
        team(
            "team.again={role: refiner, branching: 1, max_tokens: 8, learns: [sft, dpo],"
                + " prompt: [user: '{question} {refiner}']}");
    assertThat(team.agents())
        .extracting(Agent::turn)
        .containsExactly("generator", "verifier", "refiner", "again");
    assertThat(team.roles()).hasSize(3);
  }

  @Test
  void several_last_turns_may_vote() {
    assertThat(team("voters=2").answering(3)).containsExactly(1, 2);
  }
}
