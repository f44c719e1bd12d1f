import 'reflect-metadata';
import { readConfig, run } from '#edge';
import { startApprovals } from './approvals.js';
import { Settings } from './settings.js';

run('approvals', async (log, ending) => {
  log('listening', { ...(await startApprovals(readConfig(Settings, process.env), () => new Date(), log, ending)) });
});
