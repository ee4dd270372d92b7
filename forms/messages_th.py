"""What a form says about an answer, in Thai and English: what is wrong and how to mend it."""

from __future__ import annotations

from workflows.errors import Text

REQUIRED = Text("กรุณากรอกข้อมูลช่องนี้", "Please fill this in")
REQUIRED_CHOICE = Text("กรุณาเลือกหนึ่งรายการ", "Please choose one")
REQUIRED_CHOICES = Text("กรุณาเลือกอย่างน้อยหนึ่งรายการ", "Please choose at least one")
REQUIRED_TICK = Text("กรุณาทำเครื่องหมายเพื่อยืนยัน", "Please tick to confirm")
REQUIRED_FILE = Text("กรุณาแนบไฟล์", "Please attach a file")
REQUIRED_ROW = Text("กรุณาเพิ่มอย่างน้อยหนึ่งรายการ", "Please add at least one entry")
COMMENT_REQUIRED = Text(
    "กรุณาระบุเหตุผล เพราะผู้ขอจะได้รับข้อความนี้เมื่อส่งกลับหรือไม่อนุมัติ",
    "Please give the reason: the requester receives it when a request is returned or rejected",
)
WRONG_TYPE = Text("ชนิดของข้อมูลไม่ถูกต้อง", "This is the wrong type of value")
NOT_AN_OPTION = Text("กรุณาเลือกจากรายการที่กำหนด", "Please choose from the list")
NOT_A_NUMBER = Text("กรุณากรอกเป็นตัวเลข เช่น 1250.50", "Please write a number, e.g. 1250.50")
TOO_SHORT = Text("ต้องมีอย่างน้อย {limit} ตัวอักษร", "At least {limit} characters are needed")
TOO_LONG = Text("ต้องไม่เกิน {limit} ตัวอักษร", "At most {limit} characters are possible")
TOO_SMALL = Text("ต้องไม่น้อยกว่า {limit}", "The least possible is {limit}")
TOO_LARGE = Text("ต้องไม่มากกว่า {limit}", "The most possible is {limit}")
TOO_MANY_DECIMALS = Text("มีทศนิยมได้ไม่เกิน {limit} ตำแหน่ง", "At most {limit} decimal places are possible")
NOT_A_STEP = Text("ต้องเป็นจำนวนเท่าของ {limit}", "It must be a multiple of {limit}")
WRONG_FORM = Text("รูปแบบไม่ถูกต้อง กรุณาตรวจสอบ", "This does not have the right form; please check it")
IN_THE_PAST = Text("ต้องเป็นวันนี้หรือหลังจากนี้", "It must be today or later")
TOO_MANY_ROWS = Text("เพิ่มได้ไม่เกิน {limit} รายการ", "At most {limit} entries are possible")
TOO_MANY_FILES = Text("แนบได้ไม่เกิน {limit} ไฟล์", "At most {limit} files can be attached")
UNKNOWN_FILE = Text("ไม่พบไฟล์ที่แนบ กรุณาแนบใหม่", "The attached file was not found; please attach it again")
WRONG_FILE_TYPE = Text("ไฟล์ {name} ใช้ไม่ได้ แนบได้เฉพาะ {accept}", "The file {name} cannot be used; only {accept} can")
FILE_TOO_LARGE = Text(
    "ไฟล์ {name} ใหญ่เกิน {limit} MB กรุณาลดขนาดแล้วแนบใหม่", "The file {name} is larger than {limit} MB; make it smaller"
)
NOT_A_UNIT_CODE = Text("รหัสหน่วยบริการต้องเป็นตัวเลข 5 หลัก", "A unit code has 5 digits")
UNKNOWN_UNIT = Text(
    "ไม่พบหน่วยบริการรหัส {code} กรุณาค้นหาด้วยชื่อหรือตรวจสอบรหัส", "There is no unit {code}; search by name or check the code"
)
CLOSED_UNIT = Text(
    "หน่วยบริการรหัส {code} ปิดการใช้งานแล้ว หากยังเปิดบริการอยู่ ให้แจ้ง สปสช. เขต ของท่าน",
    "Unit {code} is closed in the register; if it still works, tell your NHSO region",
)
NOT_AN_OTP = Text("รหัส OTP ต้องเป็นตัวเลข 6 หลักตามที่ได้รับทาง SMS", "The OTP has 6 digits, as in the SMS")
EMAIL_TAKEN = Text(
    "อีเมลนี้มีผู้ใช้อื่นลงทะเบียนแล้ว หนึ่งอีเมลใช้ได้กับหนึ่งบัญชี กรุณาใช้อีเมลของท่านเอง",
    "Another account uses this e-mail address; one address serves one account, please use your own",
)
# The agency's own wording, kept as officers know it, with the ways out it names
ADM007 = Text(
    "ADM007 – ไม่สามารถสมัครเข้าใช้งานระบบได้ เนื่องจากเลขที่บัตรประชาชน {pid} ได้ถูกนำไปสร้างผู้ใช้แล้ว "
    "หากท่านลืมรหัสผ่าน ให้ใช้ฟังก์ชัน 'ลืมรหัสผ่าน' หากต้องการสิทธิเพิ่ม ให้ใช้ 'ขอสิทธิเพิ่ม'",
    "ADM007 – This person cannot register: an account has already been made with citizen ID {pid}. "
    "If you forgot the password use 'Forgot password'; for more rights use 'Request more rights'",
)
