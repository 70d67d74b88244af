package malt.torch.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TeamTest {
  @Test
  void after_a_meeting_each_sees_what_all_wrote_before_it() {
    try (Team team = new Team(4)) {
      int[] written = new int[4]; // plain memory
      AtomicInteger wrong = new AtomicInteger();
      team.together(
          member -> {
            for (int round = 1; round <= 2000; round++) {
              written[member] = round;
              team.meet();
              for (int other : written) {
                if (other != round) {
                  wrong.incrementAndGet();
                }
              }
              team.meet();
            }
          });
      assertThat(wrong).hasValue(0);
    }
  }

  @Test
  void pieces_are_each_done_once_between_two_meetings() {
    try (Team team = new Team(3)) {
      AtomicIntegerArray done = new AtomicIntegerArray(100);
      team.together(
          member -> {
            for (int round = 0; round < 5; round++) {
              team.meet();
              for (int piece = team.nextPiece(); piece < 100; piece = team.nextPiece()) {
                done.incrementAndGet(piece);
              }
              team.meet();
            }
          });
      for (int piece = 0; piece < 100; piece++) {
        assertThat(done.get(piece)).isEqualTo(5);
      }
    }
  }

  @Test
  void who_fails_is_heard_and_keeps_nobody_waiting_and_the_team_goes_on() {
    for (int failing = 0; failing < 3; failing++) {
      int culprit = failing;
      try (Team team = new Team(3)) {
        assertThatThrownBy(
                () ->
                    team.together(
                        member -> {
                          team.meet();
                          if (member == culprit) {
                            throw new IllegalArgumentException("of member " + member);
                          }
                          team.meet();
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("of member " + culprit);
        AtomicInteger came = new AtomicInteger();
        team.together(
            member -> {
              team.meet();
              came.incrementAndGet();
            });
        assertThat(came).hasValue(3);
      }
    }
  }
}
