package malt.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short forms of campaigns; docs/guarantees.md says which, and has the long ones' figures. */
class CampaignsTest {
  @TempDir private Path folder;

  private void holds(Campaign campaign, long seed, long cases) throws Exception {
    Findings findings = campaign.run(seed, cases, folder);
    assertThat(findings.broken()).as(findings.figure()).isEmpty();
    assertThat(findings.cases()).isEqualTo(cases);
  }

  @Test
  void damaged_inputs_are_refused_by_name() throws Exception {
    holds(new Mutations(), 1, 1_000);
  }

  @Test
  void texts_that_reach_far_into_a_parser_are_refused_by_name() throws Exception {
    holds(new GuidedFuzzing(500), 1, TextTarget.names().size());
  }

  @Test
  void a_run_whose_connections_break_ends_as_if_they_had_not() throws Exception {
    holds(new BrokenConnections(), 1, 1);
  }
}
