/*
 * What takes longest begins first: at the end of a run, nothing is left that one worker does alone while the others wait. Jest itself knows how long files took in
 * a former run, and in a clean clone only how large they are.
 */
'use strict';

const { default: Sequencer } = require('@jest/test-sequencer');

/** Parts of paths, slowest first. */
const SLOW = ['/custom-resource/faults.test', '/custom-resource/faults-of-sources.test', '/deployment/', '/command/local/packed.test'];

module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => SLOW.findIndex((part) => path.replaceAll('\\', '/').includes(part)) >>> 0;
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
