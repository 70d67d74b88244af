package malt.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;

/** What an agent is in the team; any name is possible, these three are the paper's. */
public record AgentRole(@JsonValue String name) implements Serializable {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public AgentRole {}

  public static final AgentRole GENERATOR = new AgentRole("generator");
  public static final AgentRole VERIFIER = new AgentRole("verifier");
  public static final AgentRole REFINER = new AgentRole("refiner");

  @Override
  public String toString() {
    return name;
  }
}
