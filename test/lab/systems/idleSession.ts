// A program: a session that took a lock and forgot to commit, as responders find them in pg_stat_activity.
import net from 'node:net';
import { message, startup } from './postgresSession.ts';

const { PGHOST, PGPORT, PGUSER = '', PGDATABASE = '', PGPASSWORD = '' } = process.env;
const socket = net.connect({ host: PGHOST ?? '127.0.0.1', port: Number(PGPORT) }, () => {
  socket.write(startup({ user: PGUSER, database: PGDATABASE, application_name: 'payment-worker' }));
  socket.write(message('p', PGPASSWORD));
  socket.write(message('Q', 'BEGIN'));
  socket.write(message('Q', "UPDATE payments SET state = 'pending' WHERE id = 1"));
});
socket.resume().once('close', () => process.exit(1));
socket.once('error', (error) => process.stderr.write(`${error.message}\n`));
