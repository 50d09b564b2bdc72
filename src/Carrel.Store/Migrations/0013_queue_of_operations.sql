-- Who claims an operation takes the oldest: in the order of this index, instead of all that wait, sorted each time. Ten thousand wait when as many schedules fire at once.
DROP INDEX operations_waiting;
CREATE INDEX operations_waiting ON operations (created_at) WHERE status = 'InProgress';

-- The open notices of an instance end with it.
CREATE INDEX stop_notices_open_of_instance ON stop_notices (instance_uid) WHERE state IN ('Pending', 'Snoozed');
