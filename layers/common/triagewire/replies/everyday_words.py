"""Words that change nothing about what is asked, and words that ask for the same thing, in English
and Spanish, folded: small letters without accents or apostrophes.
"""

_PLAIN = """
    a about all also am an and any anybody anyone anything are aren arent as ask asked asking at be
    because been before both but by can cant could couldnt do does doesnt doing don dont
    for from get gets getting give given go going good got had has hasnt have havent hello help her
    here hers hey hi him his how hows i id if ill im in information info into is isnt it its ive
    just kindly know let like love make may maybe me might mine more much must my need needed needs
    no not of off ok okay on one only or other our ours out please pls quick quickly really
    regarding s said say see seen shall she should so some somebody someone something such
    sure t tell than thank thanks thankyou thank thats the their them then there theres these they
    theyre thing things think this those thru to too trying u ur us use used using very via wanna
    want wanted wanting was wasnt way we well went what whats when whens where wheres whether
    which while who whos why will wish with within wonder wondering wont would wouldnt write writing
    come comes coming venir vengo ya yall yes you youall your youre yours question questions quick
    regards sincerely best
    morning afternoon evening dear team staff doctors everyone folks guys maam sir appreciate
    appreciated greetings hope exactly normally usually currently actually
    clinic office practice center centre facility place building
    a al algo alguien algun alguna algunos ante antes aqui asi aun aunque ayuda ayudar bien buen
    buena buenas buenos cada como con cual cuales cuando cuanto cuanta cuantos de decir decirme
    debe debo deberia del desde dias donde e el ella ellas ellos en entonces era es esa ese eso esta
    estan estar este
    estimado estimada estimados esto estoy favor fue gracias ha hace hacer hacia han hasta hay hola
    igual informacion la las le les lo los mas me mi mis mucha muchas mucho muchos muy nada ni no
    nos nosotros nuestra nuestro o otra otro para pero poder podria podrian por porque pregunta
    preguntar puede pueden puedo pues que querer queria quien quiere quiero quisiera sabe saber se
    ser si sin sobre son soy su sus tambien tan tardes noches tener tengo tiene tienen toda todo
    todos tu tus un una uno unos usted ustedes va van ver voy y ya yo necesito necesita ir
    llegar consulta clinica consultorio oficina lugar edificio centro saludos cordiales atentamente
    amable amables gustaria
    """
PLAIN = frozenset(_PLAIN.split())

_SUBJECTS = """
    re fw fwd rv aw wg request requests inquiry enquiry message messages email mail subject contact
    form submission website web new online quick urgent attention
    asunto consulta solicitud mensaje mensajes correo duda dudas contacto formulario sitio nuevo
    """
SUBJECTS = frozenset(_SUBJECTS.split())
"""What stands in the subject of any mail."""

ALIKE: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        """open opens opened opening close closes closed closing hour hours time times schedule
        until late early start starts end ends finish
        abre abren abrir abierto abierta abiertos abiertas abrimos cierra cierran cerrar cerrado
        cerrada cerrados cerramos hora horas horario horarios temprano tarde""",
        """now ahora monday mondays mon tuesday tuesdays tue tues
        wednesday wednesdays wed thursday thursdays
        thu thurs friday fridays fri saturday saturdays sat sunday sundays sun weekday weekdays
        weekend weekends week today tomorrow tonight day days
        lunes martes miercoles jueves viernes sabado sabados domingo domingos dia semana hoy manana
        laborable laborables entre fin fines""",
        """park parks parked parking car cars lot garage vehicle
        estacionar estacionamiento estaciono aparcar aparcamiento aparco parquear parqueo carro
        carros coche coches auto autos""",
        """wheelchair wheelchairs accessible accessibility step steps stepfree ramp disabled
        handicap handicapped walker
        silla sillas ruedas accesible acceso escalon escalones rampa discapacitados""",
        """password passwords passcode forgot forgotten forget lost reset resetting login log logged
        logging sign signin signing locked access enter
        contrasena contrasenas clave claves olvide olvidado olvidar perdi restablecer cambiar entrar
        entro iniciar sesion ingresar acceder bloqueado bloqueada""",
        """portal mychart account website site online web app
        cuenta pagina sitio linea aplicacion""",
        """bring bringing carry
        traer traigo llevar llevo""",
        """first initial new
        primera primer nuevo nueva nuevos""",
        """visit appointment appt consultation
        cita visita""",
        """patient patients
        paciente pacientes""",
        """find found located location directions
        encontrar ubicacion ubicados queda llegar""",
        """lunch noon midday lunchtime
        mediodia almuerzo comer""",
    )
)
"""Whoever asks with one word of a group is answered by an article that has another of it."""

DAYS = ALIKE[1]
"""Words that ask about certain days: a holiday makes the usual answer to them wrong."""
