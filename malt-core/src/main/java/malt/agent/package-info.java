/**
 * Who speaks: {@link malt.agent.AgentRole} with its {@link malt.agent.PromptTemplate}, {@link
 * malt.agent.Agent} on its turn, {@link malt.agent.AgentTeam} as a chain of turns. They are values;
 * the model that speaks for them is an argument elsewhere.
 */
@NullMarked
package malt.agent;

import org.jspecify.annotations.NullMarked;
