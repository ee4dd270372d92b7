"""Every rule about process diagrams: severity and what a process owner is told. ``{name}`` is the shape's label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflows.engine.gate.findings import Rule, error, warning
from workflows.engine.gate.value_rules import VALUE_RULES

FILE_RULES: Final[Mapping[str, Rule]] = {
    "wrong-platform": warning(
        'แผนผังไม่ได้ระบุว่าเป็นแบบ Camunda 8 ให้สร้างแผนผังแบบ Camunda 8 (executionPlatform="Camunda Cloud")',
        'The diagram does not say it is for Camunda 8; create it as such (executionPlatform="Camunda Cloud")',
    ),
    "platform-version": warning(
        "แผนผังระบุรุ่น {version} ระบบนี้รองรับชุดคำสั่งของรุ่น 8.8 ให้เลือกรุ่น 8.8 ในโปรแกรมวาดแผนผัง",
        "The diagram is for version {version}; this system supports the 8.8 profile: choose 8.8 in the editor",
    ),
    "camunda-7": error(
        "แผนผังเป็นแบบ Camunda 7 ซึ่งระบบไม่อ่านค่าที่ตั้งไว้ ให้สร้างใหม่เป็นแบบ Camunda 8",
        "This is a Camunda 7 diagram; its settings are not read here: create it again as a Camunda 8 diagram",
    ),
    "no-executable-process": error(
        "ไม่มีกระบวนงานที่สั่งให้ทำงานได้ ให้เลือก Executable ในคุณสมบัติของกระบวนงาน",
        "No process is executable; tick Executable in the properties of the process",
    ),
    "several-executable-processes": error(
        'กระบวนงาน "{name}" เป็นตัวที่ {count} ในไฟล์นี้ที่สั่งให้ทำงานได้ ให้เหลือหนึ่งต่อไฟล์',
        'Process "{name}" is executable number {count} in this file; keep one executable process per file',
    ),
    "id-missing": error(
        "องค์ประกอบ {kind} ไม่มีรหัส (id) ให้ตั้งรหัสที่ไม่ซ้ำ",
        "A {kind} has no id; give it one of its own",
    ),
    "id-form": error(
        'รหัส "{id}" ใช้ไม่ได้ ให้ขึ้นต้นด้วยตัวอักษรอังกฤษหรือ _ แล้วตามด้วยตัวอักษร ตัวเลข _ - . เท่านั้น',
        'Id "{id}" cannot be used; begin with an English letter or _, then letters, digits, _ - . only',
    ),
    "reserved-id": error(
        'รหัส "{id}" เป็นคำที่ระบบสงวนไว้ ให้เปลี่ยนเป็นรหัสอื่น เช่น {id}_1',
        'Id "{id}" is reserved by the engine; choose another, such as {id}_1',
    ),
    "duplicate-id": error(
        'รหัส "{id}" ซ้ำกับบรรทัด {first} ให้ตั้งรหัสที่ไม่ซ้ำกันทั้งไฟล์',
        'Id "{id}" is already used on line {first}; every id of a file must be different',
    ),
    "unsupported-element": error(
        '"{name}": ระบบยังไม่รองรับ {what} {advice}',
        '"{name}": {what} is not supported; {advice}',
    ),
    "unknown-element": warning(
        "ไม่รู้จัก {what} และจะไม่มีผลต่อการทำงาน ให้ย้ายข้อมูลส่วนตัวไปไว้ใน extension properties",
        "{what} is unknown and has no effect; put data of your own in the extension properties",
    ),
    "no-shapes": warning(
        "ไฟล์ไม่มีข้อมูลตำแหน่งรูป จึงเปิดดูเป็นภาพไม่ได้ ให้เปิดและบันทึกด้วยโปรแกรมวาดแผนผัง",
        "The file has no shapes, so it cannot be shown as a picture; open and save it in a diagram editor",
    ),
    "parser": error(
        "ระบบอ่านแผนผังนี้ไม่ได้: {reason}",
        "The engine cannot load this diagram: {reason}",
    ),
}

FLOW_RULES: Final[Mapping[str, Rule]] = {
    "no-start-event": error(
        '"{name}" ไม่มีจุดเริ่มต้น ให้เพิ่ม start event หนึ่งจุด',
        '"{name}" has no start event; add one',
    ),
    "several-none-starts": error(
        '"{name}" มีจุดเริ่มต้นแบบธรรมดามากกว่าหนึ่ง ให้เหลือจุดเดียว',
        '"{name}" has more than one plain start event; keep one',
    ),
    "start-with-incoming": error(
        'มีเส้นเข้าจุดเริ่มต้น "{name}" ให้ลบเส้นนั้น',
        'A flow leads into start event "{name}"; remove the flow',
    ),
    "end-with-outgoing": error(
        'มีเส้นออกจากจุดจบ "{name}" ให้ลบเส้นนั้น',
        'A flow leaves end event "{name}"; remove the flow',
    ),
    "dangling-flow": error(
        'เส้น "{id}" ต่อไม่ครบสองปลายหรือข้ามขอบเขตกระบวนงานย่อย ให้ลบแล้วลากใหม่',
        'Flow "{id}" lacks an end or crosses the border of a sub-process; delete it and draw it again',
    ),
    "unreachable": error(
        'ไปไม่ถึง "{name}" จากจุดเริ่มต้น ให้ต่อเส้นเข้ามาหรือลบออก',
        '"{name}" cannot be reached from a start event; connect it or delete it',
    ),
    "condition-missing": error(
        'เส้น "{flow}" ที่ออกจาก "{gateway}" ไม่มีเงื่อนไข ให้ใส่เงื่อนไขหรือกำหนดเป็นเส้นหลัก (default flow)',
        'Flow "{flow}" out of "{gateway}" has no condition; add one or make it the default flow',
    ),
    "condition-on-default": warning(
        'เส้นหลัก (default flow) "{flow}" มีเงื่อนไขซึ่งจะไม่ถูกใช้ ให้ลบเงื่อนไข',
        'Default flow "{flow}" has a condition, which is never used; remove it',
    ),
    "condition-ignored": error(
        'เส้น "{flow}" มีเงื่อนไขแต่ไม่ได้ออกจากทางแยกแบบเลือก ให้ใช้ exclusive หรือ inclusive gateway',
        'Flow "{flow}" has a condition but does not leave an exclusive or inclusive gateway; add such a gateway',
    ),
    "default-flow-unknown": error(
        'เส้นหลัก "{flow}" ของ "{name}" ไม่ได้ออกจากจุดนี้ ให้เลือกเส้นหลักใหม่',
        'The default flow "{flow}" of "{name}" does not leave it; choose the default flow again',
    ),
    "no-default-flow": warning(
        'ทางแยก "{name}" ไม่มีเส้นหลัก (default flow) ถ้าไม่มีเงื่อนไขใดเป็นจริงเรื่องจะหยุดรอการแก้ไข',
        'Gateway "{name}" has no default flow; if no condition is true the case stops with an incident',
    ),
    "join-and-fork-in-loop": error(
        'ทางแยก "{name}" ทั้งรวมและแตกเส้นภายในวงวน ให้ใช้ทางแยกสองตัว ตัวหนึ่งรวม อีกตัวหนึ่งแตก',
        'Gateway "{name}" both joins and forks inside a loop; use two gateways, one to join and one to fork',
    ),
    "endless-loop": warning(
        'วงวนที่ผ่าน "{name}" ไม่มีงานของคน เวลา หรือข้อความคั่น ถ้าวนเกินขีดจำกัดเรื่องจะหยุดรอการแก้ไข',
        'The loop through "{name}" waits for nobody and nothing; if it turns too often the case stops with an incident',
    ),
    "event-gateway": error(
        'ทางแยกแบบรอเหตุการณ์ "{name}" ต้องมีเส้นออกอย่างน้อยสองเส้น แต่ละเส้นไปยัง catch event หรือ receive task',
        'Event-based gateway "{name}" needs two or more flows, each to a catch event or receive task',
    ),
    "boundary-attached": error(
        'เหตุการณ์ขอบ "{name}" ไม่ได้ติดอยู่กับงานในขอบเขตเดียวกัน ให้ลากไปวางบนขอบของงาน',
        'Boundary event "{name}" is not attached to an activity; drag it onto the border of one',
    ),
    "boundary-incoming": error(
        'มีเส้นเข้าเหตุการณ์ขอบ "{name}" ให้ลบเส้นนั้น',
        'A flow leads into boundary event "{name}"; remove the flow',
    ),
    "boundary-interrupts": error(
        'เหตุการณ์ข้อผิดพลาด "{name}" ต้องหยุดงานเดิมเสมอ ให้เปลี่ยนเป็นแบบ interrupting',
        'Error event "{name}" always interrupts; make it interrupting',
    ),
    "event-subprocess-connected": error(
        'กระบวนงานย่อยแบบเหตุการณ์ "{name}" ต้องไม่มีเส้นเข้าหรือออก ให้ลบเส้นนั้น',
        'Event sub-process "{name}" must have no flows in or out; remove them',
    ),
    "event-subprocess-start": error(
        'กระบวนงานย่อยแบบเหตุการณ์ "{name}" ต้องมีจุดเริ่มต้นเดียวที่เป็นเหตุการณ์ (ข้อความ เวลา ข้อผิดพลาด ฯลฯ)',
        'Event sub-process "{name}" needs exactly one start event with a trigger (message, timer, error, ...)',
    ),
    "subprocess-start": error(
        'กระบวนงานย่อย "{name}" ต้องเริ่มด้วยจุดเริ่มต้นแบบธรรมดาเดียว',
        'Sub-process "{name}" must begin with exactly one plain start event',
    ),
    "link": error(
        'ลิงก์ "{name}" ต้องมีชื่อ และมี link catch event ชื่อเดียวกันหนึ่งจุดในกระบวนงานเดียวกัน',
        'Link "{name}" needs a name and exactly one link catch event of that name in the same process',
    ),
    "event-kind": error(
        'เหตุการณ์ "{name}" ต้องมีชนิดเดียว ให้เลือกชนิดของเหตุการณ์ เช่น ข้อความหรือเวลา',
        'Event "{name}" needs exactly one kind; choose message, timer, ...',
    ),
}

TASK_RULES: Final[Mapping[str, Rule]] = {
    "user-task-kind": error(
        'งานของคน "{name}" ยังไม่เป็นแบบ Camunda user task ให้เลือก Implementation = Camunda user task',
        'User task "{name}" is not a Camunda user task; choose Implementation = Camunda user task',
    ),
    "user-task-form": warning(
        'งานของคน "{name}" ไม่มีแบบฟอร์ม ผู้ทำจะเห็นเพียงปุ่มเสร็จสิ้น ให้เลือก Camunda form (linked) และใส่รหัสแบบฟอร์ม',
        'User task "{name}" has no form, so people see only a Done button; choose a linked Camunda form and its id',
    ),
    "form-embedded": error(
        'งาน "{name}" ฝังแบบฟอร์มไว้ในแผนผัง ให้บันทึกเป็นไฟล์ .form และเลือก Camunda form (linked)',
        '"{name}" has a form embedded in the diagram; save it as a .form file and link it by its id',
    ),
    "form-external": warning(
        'งาน "{name}" ใช้แบบฟอร์มภายนอก จึงทำได้ผ่าน API เท่านั้น',
        '"{name}" uses an external form; it can only be completed through the API',
    ),
    "form-unknown": error(
        'ไม่พบแบบฟอร์มรหัส "{form}" ที่งาน "{name}" ใช้ ให้นำไฟล์แบบฟอร์มขึ้นพร้อมกันหรือแก้รหัส',
        '"{name}" uses form "{form}", which does not exist; deploy the form together or correct the id',
    ),
    "user-task-nobody": warning(
        'งานของคน "{name}" ไม่ได้กำหนดผู้รับ จึงไม่ขึ้นในกล่องงานของใคร ให้ใส่ assignee หรือ candidate groups',
        'User task "{name}" is assigned to nobody and reaches no inbox; set an assignee or candidate groups',
    ),
    "job-type-missing": error(
        '"{name}" ยังไม่ได้เลือกงานที่ระบบต้องทำ ให้ใส่ Task definition type เช่น notice.send',
        '"{name}" does not say what to do; fill in the task definition type, such as notice.send',
    ),
    "operator-unknown": warning(
        'ระบบไม่มีตัวดำเนินการชื่อ "{type}" งาน "{name}" จะค้างรอโดยไม่มีผู้ทำ กรุณาตรวจชื่อ{hint}',
        'No operator is called "{type}"; "{name}" waits for somebody else to do it. Is the type right?{hint}',
    ),
    "operator-input": error(
        '"{name}" ไม่ได้ส่งค่า {inputs} ให้ตัวดำเนินการ {type} ให้เพิ่มใน Inputs',
        '"{name}" does not give {inputs} to operator {type}; add input mappings',
    ),
    "operator-error": warning(
        '"{name}" รอข้อผิดพลาด {code} แต่ตัวดำเนินการ {type} แจ้งได้เพียง {codes} ให้แก้รหัสหรือลบออก',
        '"{name}" waits for error {code}, but operator {type} reports only {codes}; correct it or remove the event',
    ),
    "retries": error(
        'จำนวนครั้งที่ลองใหม่ของ "{name}" ต้องเป็นจำนวนเต็มหรือสูตรที่ขึ้นต้นด้วย =',
        'The retries of "{name}" must be a whole number or an expression beginning with =',
    ),
    "script-missing": error(
        'งานสคริปต์ "{name}" ไม่มีสูตร ให้เลือก FEEL expression และใส่สูตร',
        'Script task "{name}" has no expression; choose FEEL expression and fill it in',
    ),
    "result-variable-missing": error(
        '"{name}" ไม่ได้บอกว่าจะเก็บผลไว้ที่ตัวแปรใด ให้ใส่ Result variable',
        '"{name}" does not say where its result goes; fill in the result variable',
    ),
    "decision-missing": error(
        'งานตัดสินตามตาราง "{name}" ยังไม่ได้เลือกตาราง ให้ใส่ Decision ID',
        'Business rule task "{name}" names no decision; fill in the decision id',
    ),
    "decision-unknown": error(
        'ไม่พบตารางตัดสินใจรหัส "{decision}" ที่ "{name}" ใช้ ให้นำไฟล์ .dmn ขึ้นพร้อมกันหรือแก้รหัส',
        '"{name}" uses decision "{decision}", which does not exist; deploy it together or correct the id',
    ),
    "called-process-missing": error(
        '"{name}" ยังไม่ได้เลือกกระบวนงานที่จะเรียก ให้ใส่ Process ID',
        '"{name}" names no process to call; fill in the process id',
    ),
    "called-process-dynamic": error(
        '"{name}" เลือกกระบวนงานด้วยสูตร ซึ่งระบบไม่รองรับ ให้ใส่รหัสกระบวนงานโดยตรง แล้วแยกทางด้วย gateway',
        '"{name}" chooses its process by an expression, which is not supported; name one and branch with a gateway',
    ),
    "called-process-unknown": error(
        'ไม่พบกระบวนงานรหัส "{process}" ที่ "{name}" เรียก ให้นำขึ้นพร้อมกันหรือแก้รหัส',
        '"{name}" calls process "{process}", which does not exist; deploy it together or correct the id',
    ),
    "collection-missing": error(
        'งานหลายรายการ "{name}" ไม่มีรายการตั้งต้น ให้ใส่ Input collection เช่น =approvers',
        'Multi-instance "{name}" has no list to work on; fill in the input collection, such as =approvers',
    ),
    "output-pair": error(
        'งานหลายรายการ "{name}" ต้องใส่ Output collection และ Output element คู่กัน',
        'Multi-instance "{name}" needs both output collection and output element, or neither',
    ),
    "message-missing": error(
        '"{name}" ยังไม่ได้เลือกข้อความที่รอ ให้ใส่ Message name',
        '"{name}" does not say which message it waits for; choose a message',
    ),
    "message-name": error(
        'ข้อความที่ "{name}" รอต้องมีชื่อคงที่ ให้ใส่ชื่อโดยไม่ขึ้นต้นด้วย =',
        'The message "{name}" waits for needs a fixed name that does not begin with =',
    ),
    "correlation-key-missing": error(
        'ข้อความที่ "{name}" รอไม่มีตัวจับคู่กับเรื่อง ให้ใส่ Subscription correlation key เช่น =case_id',
        'The message "{name}" waits for cannot find its case; fill in the correlation key, such as =case_id',
    ),
    "error-code": error(
        '"{name}" ไม่มีรหัสข้อผิดพลาด ให้เลือก error และใส่ Code',
        '"{name}" has no error code; choose an error and fill in its code',
    ),
    "escalation-code": error(
        '"{name}" ไม่มีรหัสการส่งต่อ ให้เลือก escalation และใส่ Code',
        '"{name}" has no escalation code; choose an escalation and fill in its code',
    ),
    "signal-name": error(
        '"{name}" ไม่มีชื่อสัญญาณ ให้เลือก signal และใส่ชื่อที่ไม่ขึ้นต้นด้วย =',
        '"{name}" has no signal; choose one with a fixed name that does not begin with =',
    ),
    "timer-missing": error(
        'ตัวตั้งเวลา "{name}" ต้องมีค่าเดียว ให้เลือก date, duration หรือ cycle แล้วใส่ค่า',
        'Timer "{name}" needs exactly one value; choose date, duration or cycle and fill it in',
    ),
    "timer-literal": error(
        'เวลา "{value}" ของ "{name}" อ่านไม่ได้ ให้เขียนแบบ ISO 8601 เช่น {example} หรือสูตรที่ขึ้นต้นด้วย =',
        'Time "{value}" of "{name}" cannot be read; write ISO 8601 such as {example}, or an expression with =',
    ),
    "timer-cron": error(
        'ตัวตั้งเวลา "{name}" ใช้รูปแบบ cron ซึ่งไม่รองรับ ให้ใช้ R/P1D หรือสูตร',
        'Timer "{name}" uses cron, which is not supported; use R/P1D or an expression',
    ),
    "timer-cycle-here": error(
        'เวลาแบบวนซ้ำใช้กับ "{name}" ไม่ได้ ให้ใช้ duration หรือ date หรือเปลี่ยนเป็นแบบ non-interrupting',
        'A cycle cannot be used at "{name}"; use a duration or date, or make the event non-interrupting',
    ),
}

RULES: Final[Mapping[str, Rule]] = {**FILE_RULES, **FLOW_RULES, **TASK_RULES, **VALUE_RULES}
