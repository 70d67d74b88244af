package malt.model.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.model.SamplingRequest;
import malt.model.remote.Reply.Trouble.Kind;
import malt.model.remote.RequestFailure.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers of one base. A request goes where the fewest are under way; a server that is gone, or
 * whose engine has died, is left out, and taken back when it answers again. The last one that is
 * left is not left out: who asks it knows how long to wait. Safe for any number of threads.
 */
final class ServerPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerPool.class);
  private static final Duration FIRST_ABSENCE = Duration.ofSeconds(1);
  private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(30);

  private final Map<Server, State> servers = new LinkedHashMap<>();
  private final Server.Found reference;
  private final int samples;

  /** What is known of a server by now. */
  private static final class State {
    private int underWay;
    private boolean out;
    private Duration absence = FIRST_ABSENCE;
    private long askAgain; // System.nanoTime(), while it is out
    private boolean refused; // it holds something else than the others
  }

  private ServerPool(Map<Server, State> servers, Server.Found reference, int samples) {
    this.servers.putAll(servers);
    this.reference = reference;
    this.samples = samples;
  }

  /**
   * Asks each what it can do. With several, those that are not there yet are left out for now.
   *
   * @throws RequestFailure if none can be used, or two hold different bases
   */
  static ServerPool open(List<Server> all, Patience patience)
      throws RequestFailure, InterruptedException {
    Map<Server, State> states = new LinkedHashMap<>();
    Server.Found reference = null;
    int samples = Integer.MAX_VALUE;
    for (Server server : all) {
      State state = new State();
      states.put(server, state);
      boolean last = reference == null && states.size() == all.size();
      if (!last && !server.answers()) {
        leaveOut(server, state, "does not answer");
        continue;
      }
      Server.Found found = server.ask(patience);
      reference = reference == null ? found : reference;
      String difference = difference(reference, found);
      if (!difference.isEmpty()) {
        throw new RequestFailure(
            Scope.SERVER,
            200,
            "%s serves another %s than %s; several servers of a run hold one base"
                .formatted(server.url(), difference, all.get(0).url()));
      }
      samples = Math.min(samples, found.traits().samples());
    }
    if (reference == null) {
      throw new IllegalStateException("no server was asked");
    }
    return new ServerPool(states, reference, samples);
  }

  /** What two servers disagree on, as far as they tell; "" for nothing. */
  private static String difference(Server.Found one, Server.Found other) {
    if (isOther(one.traits().base(), other.traits().base())) {
      return "base";
    }
    if (isOther(one.traits().template(), other.traits().template())) {
      return "chat template";
    }
    boolean told = one.promptIds().length > 0 && other.promptIds().length > 0;
    return told && !Arrays.equals(one.promptIds(), other.promptIds()) ? "tokenizer" : "";
  }

  private static boolean isOther(@Nullable String one, @Nullable String other) {
    return one != null && other != null && !one.equals(other);
  }

  private static void leaveOut(Server server, State state, String why) {
    state.out = true;
    state.askAgain = System.nanoTime() + state.absence.toNanos();
    LOG.warn("{} {}; it is left out until it answers again", server.url(), why);
  }

  /** What the first server that answered said; all that is known here holds for the others. */
  Server.Found reference() {
    return reference;
  }

  /** The most completions a request that each of them takes. */
  int samples() {
    return samples;
  }

  List<Server> all() {
    return List.copyOf(servers.keySet());
  }

  /** One try, at another server where one turns out to be gone. */
  Reply sample(SamplingRequest request, List<Long> seeds) throws InterruptedException {
    while (true) {
      takeBack();
      Server server = begin();
      Reply reply;
      try {
        reply = server.sample(request, seeds);
      } finally {
        end(server);
      }
      boolean ended = reply instanceof Reply.Trouble trouble && trouble.kind() != Kind.PASSING;
      if (!ended || !left(server, ((Reply.Trouble) reply).what())) {
        return reply;
      }
    }
  }

  private synchronized Server begin() {
    Server chosen =
        servers.entrySet().stream()
            .filter(each -> !each.getValue().out)
            .min(Comparator.comparingInt(each -> each.getValue().underWay))
            .orElseThrow()
            .getKey();
    state(chosen).underWay++;
    return chosen;
  }

  private synchronized void end(Server server) {
    state(server).underWay--;
  }

  private State state(Server server) {
    State state = servers.get(server);
    if (state == null) {
      throw new IllegalArgumentException(server.url());
    }
    return state;
  }

  /** Leaves a server out, and says whether the request can go elsewhere. */
  private synchronized boolean left(Server server, String what) {
    State state = state(server);
    boolean others =
        servers.entrySet().stream()
            .anyMatch(each -> each.getKey() != server && !each.getValue().out);
    if (others && !state.out) {
      state.absence = FIRST_ABSENCE;
      leaveOut(server, state, "has ended (" + what + ")");
    }
    return others;
  }

  /** Asks those again whose time has come; one thread each. */
  private void takeBack() throws InterruptedException {
    for (Server server : due()) {
      if (!server.answers()) {
        continue;
      }
      String why;
      try {
        Server.Found found = server.ask(new Patience(Duration.ZERO));
        why = difference(reference, found);
        if (why.isEmpty() && found.traits().samples() < samples) {
          why = "number of samples a request";
        }
      } catch (RequestFailure e) {
        LOG.debug("{} is not ready: {}", server.url(), e.what());
        continue;
      }
      admit(server, why);
    }
  }

  private synchronized List<Server> due() {
    long now = System.nanoTime();
    List<Server> due = new ArrayList<>();
    servers.forEach(
        (server, state) -> {
          if (state.out && !state.refused && now - state.askAgain >= 0) {
            Duration longer = state.absence.multipliedBy(2);
            state.absence = longer.compareTo(LONGEST_ABSENCE) > 0 ? LONGEST_ABSENCE : longer;
            state.askAgain = now + state.absence.toNanos();
            due.add(server);
          }
        });
    return due;
  }

  private synchronized void admit(Server server, String difference) {
    State state = state(server);
    if (difference.isEmpty()) {
      state.out = false;
      LOG.warn("{} answers again, and is taken back", server.url());
    } else {
      state.refused = true;
      LOG.warn("{} answers again, with another {}; it stays left out", server.url(), difference);
    }
  }

  @Override
  public void close() {
    servers.keySet().forEach(Server::close);
  }
}
