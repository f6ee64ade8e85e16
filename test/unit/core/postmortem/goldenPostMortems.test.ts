import assert from 'node:assert/strict';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { renderPostMortem } from '../../../../src/core/postmortem/renderPostMortem.ts';
import { after, aGuide } from '../../../support/builders.ts';
import { assertGolden } from '../../../support/golden.ts';
import { journalOfStory, stories } from '../../../support/postMortemStories.ts';

describe('the post-mortem of a whole journal', () => {
  for (const [name, story] of Object.entries(stories)) {
    it(`reads well: ${name}`, () => {
      const { events, unreadable } = journalOfStory(story);
      const incident = replay(events);
      assert.ok(incident);
      const document = renderPostMortem({
        incident,
        guide: story.guide ?? aGuide(),
        unreadable,
        generatedAt: after(24 * 60),
        linkToOutput: ({ file }) => `../incidents/01JDPM/${file}`,
        linkToEvidence: ({ file }) => `../incidents/01JDPM/${file}`,
      });
      assertGolden(`postmortems/${name}.md`, document);
    });
  }
});
