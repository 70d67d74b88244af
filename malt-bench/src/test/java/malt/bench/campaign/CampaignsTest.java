package malt.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
    holds(new Mutations(), 1, 600);
  }

  @Test
  void texts_that_reach_far_into_a_parser_are_refused_by_name() throws Exception {
    holds(new GuidedFuzzing(500), 1, TextTarget.names().size());
  }

  @Test
  void a_run_whose_connections_break_ends_as_if_they_had_not() throws Exception {
    holds(new BrokenConnections(), 1, 1);
  }

  @Test
  void a_run_that_is_killed_ends_as_if_it_had_not_been() throws Exception {
    holds(new Kills(5), 1, 2); // one of each configuration
  }

  @Test
  void a_torn_file_is_refused_by_name_or_changes_nothing() throws Exception {
    holds(new TornFiles(), 1, 25);
  }

  @Test
  void a_full_disk_ends_a_run_by_name_and_room_lets_it_go_on() throws Exception {
    assumeTrue(FullDisk.possible(), "disks cannot be mounted here by unshare -rm");
    holds(new FullDisk(), 3, 2); // one full, one read-only
  }

  @Test
  void a_crowd_keeps_nobody_from_an_answer() throws Exception {
    holds(new Crowd(50), 1, 1);
  }

  @Test
  void training_serving_and_restarting_leave_nothing_behind() throws Exception {
    holds(new FastMotion(2, 20), 1, 20);
  }
}
