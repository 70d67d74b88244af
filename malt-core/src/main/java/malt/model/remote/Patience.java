package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import malt.Seeds;
import malt.model.remote.Reply.Trouble.Kind;
import malt.model.remote.RequestFailure.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again, with growing pauses and for so long at most, what may succeed later: 408, 429, 5xx,
 * half answers, dropped connections, a server that is not there yet. What looks like a request that
 * broke on its way is sent a few times. One whose engine has died is not waited for. Safe for any
 * number of threads.
 */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int ATTEMPTS_TO_ASK = 3;
  private static final int QUIET_ATTEMPTS = 4; // some seconds
  private static final Duration BETWEEN_TELLING = Duration.ofSeconds(30);

  private final Duration longest;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong lastTold = new AtomicLong();

  Patience(Duration longest) {
    this.longest = longest;
  }

  /** One try. */
  interface Attempt {
    Reply make() throws InterruptedException;
  }

  JsonNode answer(Attempt attempt) throws RequestFailure, InterruptedException {
    return answer(attempt, false);
  }

  /** Of what the server may be unable to do: a lasting 500 is an answer, and so is no JSON. */
  JsonNode asked(Attempt attempt) throws RequestFailure, InterruptedException {
    return answer(attempt, true);
  }

  private JsonNode answer(Attempt attempt, boolean asking)
      throws RequestFailure, InterruptedException {
    long number = requests.incrementAndGet();
    long start = System.nanoTime();
    long end = start + longest.toNanos();
    for (int tries = 1; ; tries++) {
      Reply reply = attempt.make();
      if (reply instanceof Reply.Answer answer) {
        return answer.body();
      }
      if (reply instanceof Reply.Refusal refusal) {
        throw refusal.failure();
      }
      Reply.Trouble trouble = (Reply.Trouble) reply;
      if (trouble.kind() == Kind.DEAD) {
        throw new RequestFailure(
            Scope.SERVER,
            0,
            trouble.what()
                + "; its engine has died, and its own log says of what: start it again, and go on"
                + " with the same command");
      }
      if (trouble.kind() == Kind.GARBLED && tries == ATTEMPTS_TO_ASK) {
        throw new RequestFailure(Scope.REQUEST, trouble.status(), trouble.what());
      }
      Duration pause = pause(trouble.pause(), number, tries - 1);
      boolean told = trouble.status() == 500 || trouble.status() == 200;
      boolean answered = asking && told && tries == ATTEMPTS_TO_ASK;
      if (answered || System.nanoTime() + pause.toNanos() > end) {
        throw new RequestFailure(
            trouble.kind() == Kind.GONE ? Scope.SERVER : Scope.TROUBLE,
            trouble.status(),
            trouble.what()
                + " (given up after %d attempts in %d s)"
                    .formatted(tries, (System.nanoTime() - start) / 1_000_000_000));
      }
      if (tries > QUIET_ATTEMPTS || trouble.kind() == Kind.GONE) {
        tellOfWaiting(trouble.what(), end);
      }
      Thread.sleep(pause.toMillis());
    }
  }

  /** Once for all requests that wait. */
  private void tellOfWaiting(String what, long end) {
    long now = System.nanoTime();
    long last = lastTold.get();
    if ((last == 0 || now - last > BETWEEN_TELLING.toNanos())
        && lastTold.compareAndSet(last, now)) {
      LOG.warn("{}; trying again for {} s at most", what, Duration.ofNanos(end - now).toSeconds());
    }
  }

  /** What the server asked for, else twice as long each time and spread by up to a half. */
  private static Duration pause(Optional<Duration> asked, long request, int attempt) {
    if (asked.isPresent() && !asked.get().isNegative()) {
      return asked.get();
    }
    long doubled = FIRST_PAUSE.toMillis() << Math.min(attempt, 10);
    double spread = 0.5 + 0.5 * Seeds.uniform(Seeds.of(request, attempt));
    return Duration.ofMillis((long) (Math.min(doubled, LONGEST_PAUSE.toMillis()) * spread));
  }
}
